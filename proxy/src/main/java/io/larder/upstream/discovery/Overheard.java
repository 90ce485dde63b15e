package io.larder.upstream.discovery;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Netty does not say in its answers: the TTLs of addresses and aliases, which it tells its caches, and the codes with which
 * name servers refuse, which it tells observers. Keeps nothing else. Confined to its loop.
 */
final class Overheard implements DnsCache, DnsCnameCache, DnsQueryLifecycleObserver {
    private static final long UNLIMITED = Answer.UNLIMITED.toSeconds();

    private long least = UNLIMITED; // seconds
    private @Nullable DnsResponseCode code;

    /** The shortest lifetime since {@link #clear}. */
    Duration lifetime() {
        return Duration.ofSeconds(least);
    }

    /** The last error since {@link #clear} that is not about the name. */
    Optional<DnsResponseCode> error() {
        return Optional.ofNullable(code);
    }

    @Override
    public void clear() {
        least = UNLIMITED;
        code = null;
    }

    @Override
    public boolean clear(String name) {
        return false;
    }

    @Override
    public List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
        return List.of();
    }

    @Override
    public DnsCacheEntry cache(
            String name, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop eventLoop) {
        least = Math.min(least, originalTtl);
        return new Passing(address, null);
    }

    @Override
    public DnsCacheEntry cache(String name, DnsRecord[] additionals, Throwable cause, EventLoop eventLoop) {
        return new Passing(null, cause);
    }

    @Override
    public @Nullable String get(String name) {
        return null;
    }

    @Override
    public void cache(String name, String alias, long originalTtl, EventLoop eventLoop) {
        least = Math.min(least, originalTtl);
    }

    @Override
    public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode answered) {
        if (!answered.equals(DnsResponseCode.NXDOMAIN)) {
            code = answered;
        }
        return this;
    }

    @Override
    public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> nameServers) {
        return this;
    }

    @Override
    public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion question) {
        return this;
    }

    @Override
    public void queryWritten(InetSocketAddress server, ChannelFuture future) {}

    @Override
    public void queryCancelled(int queriesRemaining) {}

    @Override
    public void queryFailed(Throwable cause) {}

    @Override
    public void querySucceed() {}

    private record Passing(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
}
