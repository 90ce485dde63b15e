package io.larder.upstream.discovery;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Backoff;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an API server over real sockets. */
class KubernetesDiscoveryTest {
    private static final KubernetesTarget TARGET = KubernetesTarget.parse("shop/app:http");
    private static final KubernetesPace QUICK = new KubernetesPace(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)));

    @TempDir
    private Path directory;

    private final Heard heard = new Heard();
    private final List<KubernetesDiscovery> started = new ArrayList<>();
    private FakeApiServer api;

    KubernetesDiscoveryTest() throws IOException {
        this.api = new FakeApiServer();
    }

    @BeforeEach
    void token() throws IOException {
        Files.writeString(directory.resolve("token"), "secret\n");
    }

    @AfterEach
    void end() throws IOException {
        started.forEach(KubernetesDiscovery::close);
        api.close();
    }

    private KubernetesDiscovery start() {
        return start(QUICK);
    }

    private KubernetesDiscovery start(KubernetesPace pace) {
        ClusterAccess access = new ClusterAccess(api.uri(), directory.resolve("token"), directory.resolve("ca.crt"));
        KubernetesDiscovery discovery = new KubernetesDiscovery(access, TARGET, pace, System::nanoTime, () -> 0);
        started.add(discovery);
        discovery.start(heard);
        return discovery;
    }

    private void put(String name, String... pods) throws IOException {
        put(api, name, pods);
    }

    /** A slice as the controller writes them, with pods that are ready. */
    private static void put(FakeApiServer api, String name, String... pods) throws IOException {
        StringBuilder endpoints = new StringBuilder();
        for (String pod : pods) {
            endpoints.append(endpoints.isEmpty() ? "" : ",");
            endpoints.append(
                    "{'addresses':['" + pod + "'],'conditions':{'ready':true,'serving':true,'terminating':false},"
                            + "'nodeName':'node-1','zone':'eu-1a','targetRef':{'kind':'Pod','namespace':'shop','name':'app-0'}}");
        }
        api.put(
                name,
                "{'addressType':'IPv4','ports':[{'name':'http','port':8080,'protocol':'TCP'}],'endpoints':[" + endpoints
                        + "]}");
    }

    private void awaitWatches(int count) {
        eventually(
                () -> count + " watches were not asked for, but " + api.asked,
                () -> api.asked.stream()
                                .filter(asked -> asked.startsWith("watch"))
                                .count()
                        >= count);
    }

    @Test
    void podsAreListedAndFollowed() throws Exception {
        put("app-b", "10.0.0.2");
        put("app-a", "10.0.0.1");
        put("app-c", "10.0.0.1", "10.0.0.3");
        api.pageSize = 1;
        start();
        heard.await("found 10.0.0.1:8080 10.0.0.2:8080 10.0.0.3:8080");
        put("app-a", "10.0.0.4");
        heard.await("found 10.0.0.1:8080 10.0.0.2:8080 10.0.0.3:8080 10.0.0.4:8080");
        api.delete("app-c");
        heard.await("found 10.0.0.2:8080 10.0.0.4:8080");
        put("app-d", "10.0.0.5");
        heard.await("found 10.0.0.2:8080 10.0.0.4:8080 10.0.0.5:8080");
        assertThat(api.asked).containsExactly("list", "list continue", "list continue", "watch 1003");
        assertThat(heard.lines).hasSize(4);
    }

    @Test
    void terminatingPodsDrain() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        api.put(
                "app-b",
                "{'addressType':'IPv4','ports':[{'name':'http','port':8080,'protocol':'TCP'}],'endpoints':["
                        + "{'addresses':['10.0.0.2'],'conditions':{'ready':false,'serving':true,'terminating':true}}]}");
        heard.await("found 10.0.0.1:8080 10.0.0.2:8080 draining");
        api.delete("app-a");
        heard.await("found 10.0.0.2:8080");
        api.put("app-b", "{'addressType':'IPv4','ports':null,'endpoints':[]}");
        heard.await("found ");
    }

    @Test
    void aWatchThatEndsGoesOnFromItsBookmark() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        awaitWatches(1);
        api.bookmark();
        eventually("the watch is believed", () -> {
            api.endWatches();
            return api.asked.contains("watch 1002");
        });
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
        assertThat(api.asked)
                .doesNotContain("list continue")
                .filteredOn("list"::equals)
                .hasSize(1);
        assertThat(heard.lines).hasSize(2);
    }

    @Test
    void watchesThatTimeOutAreNoNews() throws Exception {
        put("app-a", "10.0.0.1");
        KubernetesPace brief = new KubernetesPace(
                QUICK.answer(), Duration.ofSeconds(1), QUICK.grace(), QUICK.settled(), QUICK.backoff());
        start(brief);
        awaitWatches(3);
        assertThat(api.asked).filteredOn("list"::equals).hasSize(1);
        assertThat(heard.lines).containsExactly("found 10.0.0.1:8080");
    }

    @Test
    void aCutConnectionIsNoNewsEitherAndNothingIsMissed() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        awaitWatches(1);
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
        api.cutWatches();
        put("app-a", "10.0.0.3");
        heard.await("found 10.0.0.3:8080");
        assertThat(api.asked)
                .contains("list", "watch 1001", "watch 1002")
                .filteredOn("list"::equals)
                .hasSize(1);
        assertThat(heard.lines).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsTooOldIsListedAnew(boolean asStatus) throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        awaitWatches(1);
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
        if (asStatus) {
            api.error(410, "too old resource version");
        } else {
            api.compact();
            api.cutWatches();
        }
        put("app-b", "10.0.0.3");
        heard.await("found 10.0.0.2:8080 10.0.0.3:8080");
        assertThat(api.asked).filteredOn("list"::equals).hasSizeGreaterThan(1);
        assertThat(heard.lines).noneMatch(line -> line.startsWith("failed"));
    }

    @Test
    void aStatusOf410IsListedAnewToo() throws Exception {
        put("app-a", "10.0.0.1");
        api.watchStatus = 410;
        start();
        heard.await("failed shop/app:http: the Kubernetes API answers 410: told so");
        api.watchStatus = 0;
        heard.await("recovered");
        assertThat(heard.lines).contains("found 10.0.0.1:8080");
    }

    @Test
    void whatTheServiceAccountMayNotIsToldWithWhatItNeeds() throws Exception {
        put("app-a", "10.0.0.1");
        api.status = 403;
        start();
        heard.await("failed shop/app:http: the service account needs list and watch on endpointslices"
                + " (discovery.k8s.io) in namespace shop: the Kubernetes API answers 403: told so");
        api.status = 0;
        heard.await("recovered");
        assertThat(heard.lines).contains("found 10.0.0.1:8080");
    }

    @Test
    void aListWithoutAWatchIsBetterThanNothing() throws Exception {
        put("app-a", "10.0.0.1");
        api.watchStatus = 403;
        start();
        heard.awaitStart("failed shop/app:http: the service account needs list and watch");
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
        api.watchStatus = 0;
        heard.await("recovered");
    }

    @Test
    void aTokenThatWasReplacedIsReadAgain() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        awaitWatches(1);
        api.token = "other";
        api.cutWatches();
        heard.awaitStart("failed shop/app:http: the Kubernetes API does not accept the service account's token");
        Files.writeString(directory.resolve("token"), "other");
        heard.await("recovered");
        Files.delete(directory.resolve("token"));
        api.cutWatches();
        heard.awaitStart("failed shop/app:http: the service account's token cannot be read");
    }

    @Test
    void aServerThatIsAwayIsAwaited() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        int port = api.port();
        api.close();
        heard.awaitStart("failed shop/app:http: the Kubernetes API at http://127.0.0.1:" + port + " cannot be reached");
        api = FakeApiServer.at(port);
        api.compact();
        put("app-a", "10.0.0.2");
        eventually(
                heard.lines::toString,
                () -> heard.lines.contains("recovered")
                        && Heard.text(heard.servers).equals("10.0.0.2:8080"));
    }

    @Test
    void aConnectionThatGoesSilentIsGivenUp() throws Exception {
        put("app-a", "10.0.0.1");
        KubernetesPace impatient = new KubernetesPace(
                QUICK.answer(), Duration.ofSeconds(60), Duration.ofSeconds(-59), QUICK.settled(), QUICK.backoff());
        api.stalls = true;
        start(impatient);
        heard.await("found 10.0.0.1:8080");
        awaitWatches(2);
        api.stalls = false;
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
    }

    @Test
    void eventsMayComeByteByByte() throws Exception {
        put("app-a", "10.0.0.1");
        api.dribbles = true;
        start();
        heard.await("found 10.0.0.1:8080");
        put("app-a", "10.0.0.2");
        put("app-b", "10.0.0.3");
        heard.await("found 10.0.0.2:8080 10.0.0.3:8080");
    }

    @Test
    void anErrorLeadsToANewList() throws Exception {
        put("app-a", "10.0.0.1");
        start();
        heard.await("found 10.0.0.1:8080");
        awaitWatches(1);
        api.error(500, "unable to decode an event from the watch stream");
        eventually("a new list", () -> api.asked.stream().filter("list"::equals).count() > 1);
        put("app-a", "10.0.0.2");
        heard.await("found 10.0.0.2:8080");
    }

    @Test
    void watchesThatEndAtOnceAreNotAskedForInALoop() throws Exception {
        put("app-a", "10.0.0.1");
        api.endsAtOnce = true;
        start();
        heard.await("failed shop/app:http: the Kubernetes API ends each watch at once");
        int asked = api.asked.size();
        assertThat(asked).isLessThan(20);
        api.endsAtOnce = false;
        heard.await("recovered");
    }

    @Test
    void aServiceThatIsNotThereIsToldAndAwaited() throws Exception {
        start();
        heard.awaitStart("failed shop/app:http: there is no EndpointSlice of service app in namespace shop");
        put("app-a", "10.0.0.1");
        heard.await("found 10.0.0.1:8080");
        api.put("app-a", "{'ports':[{'name':'web','port':80}],'endpoints':[{'addresses':['10.0.0.1']}]}");
        heard.await("failed shop/app:http: the pods have no port http, but web (80)");
    }

    @Test
    void itEnds() throws Exception {
        put("app-a", "10.0.0.1");
        KubernetesDiscovery discovery = start();
        heard.await("found 10.0.0.1:8080");
        discovery.close();
        eventually(
                "its thread ends",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("larder-kubernetes-app") && thread.isAlive()));
        put("app-a", "10.0.0.2");
        assertThat(heard.lines).hasSize(1);
    }

    @Test
    void theClustersCaIsTrustedAndNoOther() throws Exception {
        X509Bundle ca = new CertificateBuilder()
                .subject("CN=kubernetes")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle server = new CertificateBuilder()
                .subject("CN=kube-apiserver")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(ca);
        X509Bundle strange = new CertificateBuilder()
                .subject("CN=strange")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        KeyManagerFactory keys = server.toKeyManagerFactory();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        api.close();
        api = new FakeApiServer(
                () -> context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                true);
        put("app-a", "10.0.0.1");
        Path file = Files.writeString(directory.resolve("ca.crt"), strange.getCertificatePEM());
        start();
        assertThat(heard.awaitStart("failed shop/app:http: the Kubernetes API at https://127.0.0.1:"))
                .contains("certification path");
        Files.writeString(file, strange.getCertificatePEM() + ca.getCertificatePEM());
        heard.await("recovered");
        assertThat(heard.lines).contains("found 10.0.0.1:8080");
    }

    @Test
    void aCaThatCannotBeReadIsTold() throws Exception {
        api.close();
        api = new FakeApiServer(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), true);
        start();
        heard.await("failed shop/app:http: the cluster's CA cannot be read: " + directory.resolve("ca.crt"));
    }

    @Test
    void manyPodsAreFollowed() throws Exception {
        String[] pods = new String[100];
        for (int slice = 0; slice < 10; slice++) {
            for (int i = 0; i < 100; i++) {
                pods[i] = "10.0." + slice + "." + (i + 1);
            }
            put("app-" + slice, pods);
        }
        start();
        eventually("a thousand servers", () -> heard.servers.size() == 1000);
        for (int slice = 0; slice < 9; slice++) {
            api.delete("app-" + slice);
        }
        eventually("a hundred servers", () -> heard.servers.size() == 100);
        assertThat(List.copyOf(heard.lines)).hasSizeLessThanOrEqualTo(10);
    }
}
