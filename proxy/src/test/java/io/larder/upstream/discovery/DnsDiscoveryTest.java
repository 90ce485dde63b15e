package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When it asks, in virtual time. */
class DnsDiscoveryTest {
    private final ManualLoop loop = new ManualLoop();
    private final Script dns = new Script();
    private final Heard heard = new Heard();

    /** Answers at once, and writes down when it was asked for what. */
    private final class Script implements Dns {
        final Map<String, Answer<InetAddress>> hosts = new HashMap<>();
        Answer<Service> services = new Answer.Failed<>("not scripted");
        final List<String> asked = new ArrayList<>();
        boolean hangs;

        void host(String name, long seconds, String... addresses) {
            hosts.put(
                    name,
                    new Answer.Records<>(
                            Stream.of(addresses)
                                    .map(NetUtil::createInetAddressFromIpAddressString)
                                    .toList(),
                            Duration.ofSeconds(seconds)));
        }

        @Override
        public Set<Family> families() {
            return Set.of(Family.IPV4);
        }

        @Override
        public CompletionStage<Answer<InetAddress>> addresses(Question question) {
            asked.add(Duration.ofNanos(loop.nanos()).toMillis() + " " + question.name());
            return hangs
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedStage(
                            hosts.getOrDefault(question.name(), new Answer.Nothing<>("no such name")));
        }

        @Override
        public CompletionStage<Answer<Service>> services(String name) {
            asked.add(Duration.ofNanos(loop.nanos()).toMillis() + " " + name);
            return CompletableFuture.completedStage(services);
        }
    }

    private DnsDiscovery started(String target) {
        DnsDiscovery discovery = new DnsDiscovery(DnsTarget.parse(target), Duration.ofSeconds(30), dns, loop, () -> 1);
        discovery.start(heard);
        loop.run();
        return discovery;
    }

    @Test
    void looksAgainWhenTheRecordsHaveLived() {
        dns.host("app", 5, "10.0.0.1");
        started("app:80");
        loop.advance(Duration.ofSeconds(10));
        dns.host("app", 0, "10.0.0.2");
        loop.advance(Duration.ofSeconds(6));
        dns.host("app", 86400, "10.0.0.2");
        loop.advance(Duration.ofSeconds(60));
        assertThat(dns.asked)
                .containsExactly("0 app", "5000 app", "10000 app", "15000 app", "16000 app", "17000 app", "47000 app");
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80", "found 10.0.0.2:80");
    }

    @Test
    void failuresAreRetriedWithGrowingPausesAndTheListHolds() {
        dns.host("app", 5, "10.0.0.1");
        started("app:80");
        dns.hosts.clear();
        loop.advance(Duration.ofSeconds(5 + 1 + 2 + 4 + 8 + 16 + 30 + 29));
        assertThat(dns.asked)
                .containsExactly(
                        "0 app",
                        "5000 app",
                        "6000 app",
                        "8000 app",
                        "12000 app",
                        "20000 app",
                        "36000 app",
                        "66000 app");
        dns.host("app", 5, "10.0.0.1");
        loop.advance(Duration.ofSeconds(7));
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80", "failed app: no such name", "recovered");
        assertThat(dns.asked).endsWith("96000 app", "101000 app");
    }

    @Test
    void aNameThatComesLateIsFound() {
        started("app:80");
        loop.advance(Duration.ofSeconds(2));
        dns.host("app", 5, "10.0.0.1");
        loop.advance(Duration.ofSeconds(2));
        assertThat(heard.lines).containsExactly("failed app: no such name", "recovered", "found 10.0.0.1:80");
    }

    @Test
    void servicesAreAskedForTheirTargetsAndHoldWhenTheyFail() {
        dns.services = new Answer.Records<>(
                List.of(new Service(1, 2, 80, "a"), new Service(2, 0, 81, "b")), Duration.ofSeconds(3));
        dns.host("a", 60, "10.0.0.1");
        dns.host("b", 60, "10.0.0.2");
        started("_http._tcp.app");
        dns.services = new Answer.Nothing<>("empty");
        loop.advance(Duration.ofMillis(3500));
        assertThat(dns.asked).containsExactly("0 _http._tcp.app", "0 a", "0 b", "3000 _http._tcp.app");
        assertThat(heard.lines)
                .containsExactly("found 10.0.0.1:80 w2 p1 10.0.0.2:81 p2", "failed _http._tcp.app: empty");
    }

    @Test
    void nothingIsAskedAfterTheEnd() {
        dns.host("app", 1, "10.0.0.1");
        DnsDiscovery discovery = started("app:80");
        discovery.close();
        loop.advance(Duration.ofSeconds(60));
        assertThat(dns.asked).hasSize(1);
        DnsDiscovery other = new DnsDiscovery(DnsTarget.parse("app:80"), Duration.ofSeconds(30), dns, loop, () -> 1);
        other.close();
        other.start(heard);
        loop.run();
        assertThat(dns.asked).hasSize(1);
    }

    @Test
    void oneLookUpAtATime() {
        dns.hangs = true;
        started("app:80");
        loop.advance(Duration.ofMinutes(10));
        assertThat(dns.asked).hasSize(1);
    }
}
