package io.larder.upstream.discovery;

import io.larder.exchange.Loop;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;

/**
 * Servers by a name in DNS, looked up again when its records have lived. Confined to its loop, on which the listener is told;
 * {@link #start} and {@link #close} hop there.
 */
public final class DnsDiscovery implements Discovery {
    private static final Loop.Timer NOTHING = () -> {};

    private final DnsTarget target;
    private final Dns dns;
    private final Loop loop;
    private final DnsPace pace;
    private final DoubleSupplier chance;
    private DnsView view = DnsView.NOTHING;
    private Loop.Timer next = NOTHING;
    private int failures;
    private boolean closed;

    DnsDiscovery(DnsTarget target, Duration refresh, Dns dns, Loop loop, DoubleSupplier chance) {
        this.target = target;
        this.dns = dns;
        this.loop = loop;
        this.pace = new DnsPace(refresh);
        this.chance = chance;
    }

    /**
     * Looks up by UDP, and by TCP what is too long for that.
     *
     * @param refresh when to look again at the latest, at least a second
     * @param chance from 0 to 1; asked on the loop
     */
    public static DnsDiscovery on(
            NettyLoop loop,
            Transport transport,
            DnsSettings settings,
            HostsFile hosts,
            DnsTarget target,
            Duration refresh,
            DoubleSupplier chance) {
        return new DnsDiscovery(target, refresh, new NettyDns(settings, hosts, transport, loop), loop, chance);
    }

    @Override
    public void start(Listener listener) {
        loop.execute(() -> look(new Announcer(listener)));
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            next.cancel();
        });
    }

    private void look(Announcer announcer) {
        if (closed) {
            return;
        }
        services().whenComplete((answer, bug) -> {
            switch (answer) {
                case null -> failed("the look-up broke off: " + bug, announcer);
                case Answer.Records<Service> records -> ask(records, announcer);
                case Answer.Nothing<Service>(String why) -> failed(target + ": " + why, announcer);
                case Answer.Failed<Service>(String why) -> failed(target + ": " + why, announcer);
            }
        });
    }

    private CompletionStage<Answer<Service>> services() {
        return switch (target) {
            case DnsTarget.Srv srv -> dns.services(srv.name());
            case DnsTarget.Host host ->
                CompletableFuture.completedStage(
                        new Answer.Records<>(List.of(new Service(0, 1, host.port(), host.name())), Answer.UNLIMITED));
        };
    }

    private void ask(Answer.Records<Service> services, Announcer announcer) {
        Map<Question, Answer<InetAddress>> answers = new HashMap<>();
        List<CompletableFuture<?>> asked = services.all().stream()
                .map(Service::target)
                .distinct()
                .flatMap(name -> dns.families().stream().map(family -> new Question(name, family)))
                .<CompletableFuture<?>>map(question -> dns.addresses(question)
                        .thenAccept(answer -> answers.put(question, answer))
                        .toCompletableFuture())
                .toList();
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> view.after(services.all(), services.lifetime(), answers))
                .whenComplete((seen, bug) -> {
                    if (bug == null) {
                        conclude(seen, announcer);
                    } else {
                        failed("the look-up broke off: " + bug, announcer);
                    }
                });
    }

    private void conclude(DnsView.Seen seen, Announcer announcer) {
        if (closed) {
            return;
        }
        view = seen.view();
        if (seen.trouble().isEmpty()) {
            failures = 0;
            announcer.good(seen.servers());
            again(pace.after(seen.lifetime()), announcer);
            return;
        }
        String why = seen.trouble().get();
        if (!seen.servers().isEmpty()) {
            announcer.partly(seen.servers(), why);
        }
        failed(why, announcer);
    }

    private void failed(String why, Announcer announcer) {
        if (closed) {
            return;
        }
        failures++;
        announcer.bad(why);
        again(pace.afterFailure(failures, chance.getAsDouble()), announcer);
    }

    private void again(Duration pause, Announcer announcer) {
        next = loop.schedule(pause, () -> look(announcer));
    }
}
