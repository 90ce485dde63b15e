package io.larder.upstream.discovery;

import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * DNS through Netty's resolver, one for each family so that each answers for itself. Every look-up has a socket, and with it a
 * source port, of its own, so that answers are hard to forge. Confined to its loop.
 */
final class NettyDns implements Dns {
    private final NettyLoop loop;
    private final HostsFile hosts;
    private final Overheard overheard = new Overheard();
    private final Map<Family, DnsNameResolver> resolvers = new EnumMap<>(Family.class);
    private int asked; // without an answer yet

    NettyDns(DnsSettings settings, HostsFile hosts, Transport transport, NettyLoop loop) {
        this.loop = loop;
        this.hosts = hosts;
        for (Family family : settings.families()) {
            DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop.eventLoop())
                    .datagramChannelType(transport.datagramChannel())
                    .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                    .socketChannelType(transport.tcpChannel())
                    .resolvedAddressTypes(types(family))
                    .hostsFileEntriesResolver((name, types) -> null) // it is asked before, and read elsewhere
                    .queryTimeoutMillis(settings.timeout().toMillis())
                    .resolveCache(overheard)
                    .cnameCache(overheard)
                    .dnsQueryLifecycleObserverFactory(question -> overheard)
                    .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
            if (!settings.servers().isEmpty()) {
                builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(settings.servers()));
            }
            resolvers.put(family, builder.build());
        }
    }

    @Override
    public Set<Family> families() {
        return Collections.unmodifiableSet(resolvers.keySet());
    }

    @Override
    public CompletionStage<Answer<InetAddress>> addresses(Question question) {
        loop.check();
        List<InetAddress> written = hosts.addresses(question.name(), types(question.family()));
        if (!written.isEmpty()) {
            return CompletableFuture.completedStage(new Answer.Records<>(written, Answer.UNLIMITED));
        }
        DnsNameResolver resolver = Objects.requireNonNull(resolvers.get(question.family()));
        return answer(resolver.resolveAll(question.name()), all -> records(all, overheard.lifetime()));
    }

    @Override
    public CompletionStage<Answer<Service>> services(String name) {
        loop.check();
        DnsNameResolver any = resolvers.values().iterator().next();
        return answer(any.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.SRV)), NettyDns::services);
    }

    /** What is overheard is not told apart while questions overlap; all of those are parts of one look-up. */
    private <R, T> CompletionStage<Answer<T>> answer(Future<List<R>> future, Function<List<R>, Answer<T>> read) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        asked++;
        future.addListener(done -> {
            Answer<T> found =
                    future.isSuccess() ? read.apply(future.getNow()) : DnsTrouble.of(future.cause(), overheard.error());
            if (--asked == 0) {
                overheard.clear();
            }
            answer.complete(found);
        });
        return answer;
    }

    private static Answer<Service> services(List<DnsRecord> records) {
        List<Service> services = new ArrayList<>();
        Duration lifetime = Answer.UNLIMITED;
        try {
            for (DnsRecord record : records) {
                if (record instanceof DnsRawRecord raw && record.type().equals(DnsRecordType.SRV)) {
                    services.add(service(raw.content()));
                    Duration ttl = Duration.ofSeconds(record.timeToLive());
                    lifetime = ttl.compareTo(lifetime) < 0 ? ttl : lifetime;
                }
            }
        } catch (RuntimeException e) {
            return new Answer.Failed<>("an SRV record cannot be read: " + e.getMessage());
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
        // A target of "." says "decidedly not available" (RFC 2782); nothing listens at port 0.
        services.removeIf(service -> service.target().equals(".") || service.port() == 0);
        return records(services, lifetime);
    }

    private static Service service(ByteBuf content) {
        return new Service(
                content.readUnsignedShort(),
                content.readUnsignedShort(),
                content.readUnsignedShort(),
                DefaultDnsRecordDecoder.decodeName(content));
    }

    private static <T> Answer<T> records(List<T> all, Duration lifetime) {
        return all.isEmpty() ? DnsTrouble.empty() : new Answer.Records<>(all, lifetime);
    }

    private static ResolvedAddressTypes types(Family family) {
        return switch (family) {
            case IPV4 -> ResolvedAddressTypes.IPV4_ONLY;
            case IPV6 -> ResolvedAddressTypes.IPV6_ONLY;
        };
    }
}
