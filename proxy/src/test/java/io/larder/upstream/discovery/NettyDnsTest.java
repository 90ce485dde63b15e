package io.larder.upstream.discovery;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.upstream.discovery.FakeDns.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DNS over real sockets. */
class NettyDnsTest {
    private final FakeDns dns;
    private final Heard heard = new Heard();
    private final HostsFile hosts = HostsFile.on((pause, task) -> () -> {});
    private Loops loops = new Loops(Transport.pick(null), 1);

    NettyDnsTest() throws IOException {
        this.dns = new FakeDns();
    }

    @AfterEach
    void end() throws IOException {
        loops.closeAndWait(Duration.ofSeconds(5));
        dns.close();
    }

    private DnsDiscovery start(String target, Family... families) {
        return start(target, dns.settings(families));
    }

    private DnsDiscovery start(String target, DnsSettings settings) {
        DnsDiscovery discovery = DnsDiscovery.on(
                loops.all().get(0),
                loops.transport(),
                settings,
                hosts,
                DnsTarget.parse(target),
                Duration.ofSeconds(1),
                () -> 0);
        discovery.start(heard);
        return discovery;
    }

    @ParameterizedTest
    @CsvSource({"EPOLL", "NIO"})
    void addressesOfBothFamiliesAreFoundAndChangesSeen(Transport transport) {
        loops.closeAndWait(Duration.ofSeconds(5));
        loops = new Loops(transport, 1);
        dns.host("app.", 1, "10.0.0.2", "10.0.0.1", "2001:db8::1");
        start("app.:8000", Family.IPV4, Family.IPV6);
        heard.await("found 10.0.0.1:8000 10.0.0.2:8000 [2001:db8::1]:8000");
        assertThat(heard.servers).extracting(Found::name).containsOnly("app");
        dns.host("app.", 1, "10.0.0.1", "10.0.0.3");
        heard.await("found 10.0.0.1:8000 10.0.0.3:8000");
        assertThat(heard.lines).hasSize(2);
    }

    @Test
    void onlyTheFamiliesOfUseAreAskedFor() {
        dns.host("app.", 1, "10.0.0.1", "2001:db8::1");
        start("app.:80", Family.IPV6);
        heard.await("found [2001:db8::1]:80");
        assertThat(dns.asked).allMatch("udp AAAA app."::equals);
    }

    @Test
    void aTtlIsAwaitedAndSoIsThatOfAnAlias() {
        dns.says(
                "A long.",
                FakeDns.both(FakeDns.alias("long.", 2, "real."), FakeDns.addresses("real.", 600, "10.0.0.1")));
        DnsSettings settings = dns.settings(Family.IPV4);
        NettyDns netty =
                new NettyDns(settings, hosts, loops.transport(), loops.all().get(0));
        assertThat(ask(netty, "long.")).isEqualTo(Duration.ofSeconds(2));
        dns.says("A long.", FakeDns.addresses("long.", 7, "10.0.0.1"));
        assertThat(ask(netty, "long.")).isEqualTo(Duration.ofSeconds(7));
        dns.says("A long.", FakeDns.alias("long.", 20, "real."));
        dns.says("A real.", FakeDns.addresses("real.", 30, "10.0.0.1"));
        assertThat(ask(netty, "long.")).isEqualTo(Duration.ofSeconds(20));
    }

    private Duration ask(NettyDns netty, String name) {
        return loops.group()
                .submit(() -> netty.addresses(new Question(name, Family.IPV4)))
                .syncUninterruptibly()
                .getNow()
                .thenApply(answer -> ((Answer.Records<?>) answer).lifetime())
                .toCompletableFuture()
                .join();
    }

    @Test
    void aNameThatVanishesKeepsItsServers() {
        dns.host("app.", 1, "10.0.0.1");
        start("app.:80", Family.IPV4);
        heard.await("found 10.0.0.1:80");
        dns.forgets("A app.");
        heard.await("failed app.: DNS knows no such name");
        dns.host("app.", 1, "10.0.0.1");
        heard.await("recovered");
        dns.says("A app.", new Reply.Records(List.of()));
        heard.await("failed app.: DNS knows the name, and no address of it");
        dns.host("app.", 1, "10.0.0.9");
        heard.await("found 10.0.0.9:80");
        assertThat(heard.lines).hasSize(6);
    }

    @Test
    void aServerThatFailsOrIsSilentKeepsThemToo() {
        dns.host("app.", 1, "10.0.0.1");
        start("app.:80", Family.IPV4);
        heard.await("found 10.0.0.1:80");
        dns.says("A app.", new Reply.Code(FakeDns.SERVFAIL));
        heard.await("failed app.: the DNS server answers SERVFAIL");
        dns.host("app.", 1, "10.0.0.1");
        heard.await("recovered");
        dns.says("A app.", new Reply.Silence());
        heard.await("failed app.: no DNS server answers in time");
        dns.host("app.", 1, "10.0.0.1");
        heard.await("recovered");
        dns.says("A app.", new Reply.Code(FakeDns.REFUSED));
        heard.await("failed app.: the DNS server answers REFUSED");
        assertThat(heard.servers).extracting(Found::text).containsExactly("10.0.0.1:80");
    }

    @Test
    void theNextServerIsAskedWhereOneIsSilent() throws IOException {
        try (FakeDns silent = new FakeDns()) {
            silent.says("A app.", new Reply.Silence());
            dns.host("app.", 1, "10.0.0.1");
            start(
                    "app.:80",
                    new DnsSettings(
                            List.of(silent.address(), dns.address()), Duration.ofMillis(300), Set.of(Family.IPV4)));
            heard.await("found 10.0.0.1:80");
            assertThat(silent.asked).isNotEmpty();
        }
    }

    @Test
    void oneFamilyThatFailsLeavesTheOther() {
        dns.host("app.", 1, "10.0.0.1").says("AAAA app.", new Reply.Code(FakeDns.SERVFAIL));
        start("app.:80", Family.IPV4, Family.IPV6);
        heard.await("found 10.0.0.1:80");
        dns.host("app.", 1, "10.0.0.1", "2001:db8::1");
        heard.await("found 10.0.0.1:80 [2001:db8::1]:80");
        dns.says("A app.", FakeDns.addresses("app.", 1, "10.0.0.2"))
                .says("AAAA app.", new Reply.Code(FakeDns.SERVFAIL));
        heard.await("found 10.0.0.2:80 [2001:db8::1]:80");
        assertThat(heard.lines).contains("failed app.: the DNS server answers SERVFAIL");
    }

    @Test
    void whatIsTooLongForADatagramComesByTcp() {
        String[] addresses =
                IntStream.rangeClosed(1, 250).mapToObj(i -> "10.0.0." + i).toArray(String[]::new);
        dns.says("A app.", new Reply.TooLong(FakeDns.addresses("app.", 60, addresses)));
        start("app.:80", Family.IPV4);
        eventually("the servers", () -> heard.servers.size() == 250);
        assertThat(dns.asked).contains("udp A app.", "tcp A app.");
    }

    @Test
    void rubbishIsIgnored() {
        dns.says("A app.", new Reply.AmongRubbish(FakeDns.addresses("app.", 60, "10.0.0.1")));
        start("app.:80", Family.IPV4);
        heard.await("found 10.0.0.1:80");
        assertThat(heard.lines).hasSize(1);
    }

    @Test
    void servicesHavePrioritiesAndWeights() {
        String name = "_http._tcp.app.";
        dns.says(
                "SRV " + name,
                FakeDns.both(
                        FakeDns.both(
                                FakeDns.service(name, 1, 0, 3, 8000, "a.app."),
                                FakeDns.service(name, 1, 0, 0, 8001, "b.app.")),
                        FakeDns.service(name, 1, 10, 5, 8002, "a.app.")));
        dns.host("a.app.", 60, "10.0.0.1", "2001:db8::1").host("b.app.", 60, "10.0.0.2");
        start(name, Family.IPV4, Family.IPV6);
        heard.await("found 10.0.0.1:8000 w3 10.0.0.2:8001 [2001:db8::1]:8000 w3"
                + " 10.0.0.1:8002 w5 p10 [2001:db8::1]:8002 w5 p10");
        assertThat(heard.servers).extracting(Found::name).containsOnly("a.app", "b.app");
        dns.says("SRV " + name, FakeDns.service(name, 1, 0, 1, 0, "."));
        heard.await("failed " + name + ": DNS knows the name, and no address of it");
        dns.says("SRV " + name, FakeDns.service(name, 1, 0, 1, 9000, "b.app."));
        heard.await("found 10.0.0.2:9000");
    }

    @Test
    void theHostsFileCounts() {
        start("localhost:80", Family.IPV4);
        heard.await("found 127.0.0.1:80");
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void itEnds() {
        dns.host("app.", 1, "10.0.0.1");
        DnsDiscovery discovery = start("app.:80", Family.IPV4);
        heard.await("found 10.0.0.1:80");
        discovery.close();
        loops.group().submit(() -> {}).syncUninterruptibly();
        int asked = dns.asked.size();
        dns.host("app.", 1, "10.0.0.2");
        loops.group().schedule(() -> {}, 1500, TimeUnit.MILLISECONDS).syncUninterruptibly();
        assertThat(dns.asked).hasSize(asked);
    }
}
