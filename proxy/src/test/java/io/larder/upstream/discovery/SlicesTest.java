package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
    private static final String HTTP = "{'name':'http','protocol':'TCP','port':8080}";

    static Slice slice(String name, String ports, String endpoints) throws Exception {
        String json = "{'metadata':{'name':'" + name + "'},'addressType':'IPv4','ports':" + ports + ",'endpoints':"
                + endpoints + "}";
        return Slice.of(WatchEvent.JSON.readTree(json.replace('\'', '"')));
    }

    /** Endpoints with one letter for each condition that is said to be true, or in upper case false. */
    private static String pods(String text) {
        StringBuilder all = new StringBuilder();
        for (String pod : text.split(" ", -1)) {
            String[] parts = pod.split("/", -1);
            StringBuilder conditions = new StringBuilder();
            for (char letter : parts[1].toCharArray()) {
                String name =
                        Map.of('r', "ready", 's', "serving", 't', "terminating").get(Character.toLowerCase(letter));
                conditions.append(conditions.isEmpty() ? "" : ",");
                conditions.append("'" + name + "':" + Character.isLowerCase(letter));
            }
            all.append(all.isEmpty() ? "" : ",");
            all.append("{'addresses':['" + parts[0] + "','10.9.9.9'],'conditions':{" + conditions + "}}");
        }
        return "[" + all + "]";
    }

    private static String view(Slices slices, String target) {
        return switch (slices.view(KubernetesTarget.parse(target))) {
            case Slices.View.Servers servers -> Heard.text(servers.all());
            case Slices.View.NoPort noPort -> noPort.why();
            case Slices.View.NoService noService -> noService.why();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "10.0.0.1/ 10.0.0.2/rsT               | 10.0.0.1:8080 10.0.0.2:8080", // nothing said: ready
                "10.0.0.1/rsT 10.0.0.2/RST            | 10.0.0.1:8080", // its probe fails
                "10.0.0.1/rsT 10.0.0.2/Rst            | 10.0.0.1:8080 10.0.0.2:8080 draining",
                "10.0.0.1/rsT 10.0.0.2/RSt            | 10.0.0.1:8080", // terminating, and its probe fails
                "10.0.0.1/RST 10.0.0.2/Rst 10.0.0.3/Rst | 10.0.0.2:8080 10.0.0.3:8080", // nobody else is there
                "10.0.0.1/RST 10.0.0.2/RSt            | ``",
                "10.0.0.1/R                           | ``", // serving is as ready where it is not said
                "10.0.0.1/rt                          | 10.0.0.1:8080", // a service that publishes what is not ready
                "10.0.0.1/RsT                         | ``", // not ready, and not on its way out
                "10.0.0.1/Rst 10.0.0.1/rsT            | 10.0.0.1:8080", // said twice: ready counts
                "app.example/rsT 10.0.0.2/rsT         | 10.0.0.2:8080",
                "2001:db8::1/rsT                      | [2001:db8::1]:8080",
            })
    void readyPodsAreUsedAndOthersOnlyWhereThereAreNone(String pods, String servers) throws Exception {
        Slices slices = Slices.NONE.with(slice("a", "[" + HTTP + "]", pods(pods)));
        assertThat(view(slices, "shop/app:http")).isEqualTo(servers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http    | 10.0.0.1:8080 10.0.0.2:9090",
                "8080    | 10.0.0.1:8080",
                "metrics | 10.0.0.1:9100",
                "53      | the pods have no port 53, but http (8080), http (9090), metrics (9100)",
                "https   | the pods have no port https, but http (8080), http (9090), metrics (9100)",
            })
    void aPortIsLookedUpInEachSlice(String port, String servers) throws Exception {
        Slices slices = Slices.NONE
                .with(slice(
                        "a",
                        "[" + HTTP + ",{'name':'metrics','port':9100},{'name':'dns','protocol':'UDP','port':53}]",
                        pods("10.0.0.1/")))
                .with(slice("b", "[{'name':'http','port':9090},{'name':'any','port':null}]", pods("10.0.0.2/")));
        assertThat(view(slices, "shop/app:" + port)).isEqualTo(servers);
    }

    @Test
    void slicesAreMergedReplacedAndTakenOut() throws Exception {
        String ports = "[" + HTTP + "]";
        Slices slices = Slices.NONE
                .with(slice("a", ports, pods("10.0.0.1/ 10.0.0.2/")))
                .with(slice("b", ports, pods("10.0.0.2/Rst 10.0.0.3/")));
        assertThat(view(slices, "shop/app:http")).isEqualTo("10.0.0.1:8080 10.0.0.2:8080 10.0.0.3:8080");
        slices = slices.with(slice("a", ports, pods("10.0.0.1/")));
        assertThat(view(slices, "shop/app:http")).isEqualTo("10.0.0.1:8080 10.0.0.2:8080 draining 10.0.0.3:8080");
        slices = slices.without("b").without("c");
        assertThat(view(slices, "shop/app:http")).isEqualTo("10.0.0.1:8080");
        assertThat(view(slices.without("a"), "shop/app:http")).startsWith("there is no EndpointSlice of service app");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null | null", "[] | []", "null | []"})
    void aServiceWithoutPodsHasNoServers(String ports, String endpoints) throws Exception {
        Slices slices = Slices.NONE.with(slice("a", ports, endpoints));
        assertThat(view(slices, "shop/app:http")).isEmpty();
    }

    @Test
    void endpointsWithoutAddressesAreNone() throws Exception {
        String endpoints =
                "[{},{'addresses':null},{'addresses':[]},{'addresses':['']},{'conditions':null,'addresses':['10.0.0.1']}]";
        assertThat(view(Slices.NONE.with(slice("a", "[" + HTTP + "]", endpoints)), "shop/app:http"))
                .isEqualTo("10.0.0.1:8080");
    }

    @Test
    void serversHaveTheServicesName() throws Exception {
        Slices slices = Slices.NONE.with(slice("a", "[" + HTTP + "]", pods("10.0.0.1/")));
        assertThat(slices.view(KubernetesTarget.parse("shop/app:http")))
                .isInstanceOfSatisfying(
                        Slices.View.Servers.class,
                        servers -> assertThat(servers.all())
                                .extracting(Found::name)
                                .containsExactly("app.shop.svc"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'ADDED','object':{'metadata':{'name':'a','resourceVersion':'5'}}} | Put[slice=Slice[name=a, ports=[], pods=[]], version=5]",
                "{'type':'MODIFIED','object':{'metadata':{'name':'a','resourceVersion':'6'}}} | Put[slice=Slice[name=a, ports=[], pods=[]], version=6]",
                "{'type':'DELETED','object':{'metadata':{'name':'a','resourceVersion':'7'}}} | Deleted[name=a, version=7]",
                "{'type':'BOOKMARK','object':{'kind':'EndpointSlice','metadata':{'resourceVersion':'8','creationTimestamp':null},'endpoints':null}} | Bookmark[version=8]",
                "{'type':'ERROR','object':{'kind':'Status','code':410,'reason':'Expired','message':'too old'}} | Over[code=410, message=too old]",
                "{'type':'ERROR','object':{}} | Over[code=0, message=]",
                "{'type':'NEW','object':{'metadata':{'resourceVersion':'8'}}} | Strange[why=an event of type 'NEW']",
                "{'type':'ADDED','object':{'metadata':{'name':'a'}}} | Strange[why=an event without a resourceVersion]",
                "17 | Strange[why=an event of type '']",
                "`` | Strange[why=an event of type '']",
            })
    void readsEvents(String line, String event) {
        assertThat(WatchEvent.parse(line.replace('\'', '"'))).hasToString(event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "<html>", "{\"type\":\"ADDED\",\"obj"})
    void aLineThatIsNoJsonIsAnEventToo(String line) {
        assertThat(WatchEvent.parse(line)).isInstanceOf(WatchEvent.Strange.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "<html>",
                "",
                "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"}}",
                "{\"kind\":\"EndpointSliceList\",\"metadata\":{}}"
            })
    void aListIsAListOfSlicesWithAVersion(String text) {
        assertThatThrownBy(() -> ListPage.parse(text)).isInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @CsvSource({"shop/app:http, shop, app, http", "a-1/b-2:8080, a-1, b-2, 8080"})
    void readsTargets(String text, String namespace, String service, String port) {
        assertThat(KubernetesTarget.parse(text)).isEqualTo(new KubernetesTarget(namespace, service, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"app:http", "shop/app", "shop/app:", "/app:80", "Shop/app:80", "shop/../app:80", "a/b/c:80", ""})
    void refusesOtherTargets(String text) {
        assertThatThrownBy(() -> KubernetesTarget.parse(text)).hasMessageContaining("is not namespace/service:port");
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.1, 443, https://10.96.0.1:443",
        "fd00::1, 6443, https://[fd00::1]:6443",
        "kubernetes.default.svc, , https://kubernetes.default.svc:443",
    })
    void aPodKnowsItsCluster(String host, String port, String api) {
        Map<String, String> environment = port == null
                ? Map.of("KUBERNETES_SERVICE_HOST", host)
                : Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);
        assertThat(ClusterAccess.of(environment, Path.of("/sa")))
                .contains(new ClusterAccess(URI.create(api), Path.of("/sa/token"), Path.of("/sa/ca.crt")));
    }

    @Test
    void outsideOfAClusterThereIsNone() {
        assertThat(ClusterAccess.of(Map.of(), ClusterAccess.SERVICE_ACCOUNT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // status, failures, known, seconds of pause, whether it is told, what it is
        "410, 1, true, 0, false, GONE",
        "410, 2, true, 0, false, GONE",
        "410, 3, true, 4, true, GONE",
        "500, 1, true, 1, false, LOST",
        "503, 2, true, 2, true, LOST",
        "503, 1, false, 1, true, LOST",
        "429, 4, true, 8, true, LOST",
        "401, 1, true, 1, true, REFUSED",
        "403, 1, true, 1, true, REFUSED",
        "404, 9, true, 30, true, REFUSED",
    })
    void troubleIsWeighed(int status, int failures, boolean known, int seconds, boolean told, ApiTrouble.Kind kind) {
        ApiTrouble trouble = ApiTrouble.of(KubernetesTarget.parse("shop/app:http"), status, "", Duration.ZERO);
        assertThat(trouble.kind()).isEqualTo(kind);
        assertThat(KubernetesPace.USUAL.pause(trouble, failures, 1)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(KubernetesPace.isOutage(trouble, failures, known)).isEqualTo(told);
    }

    @Test
    void aServerThatAsksForTimeGetsIt() {
        ApiTrouble trouble = ApiTrouble.of(KubernetesTarget.parse("shop/app:http"), 429, "slow", Duration.ofSeconds(7));
        assertThat(KubernetesPace.USUAL.pause(trouble, 1, 0)).isEqualTo(Duration.ofSeconds(7));
        assertThat(KubernetesPace.USUAL.pause(trouble, 9, 1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(KubernetesPace.USUAL.watch(1)).isEqualTo(Duration.ofSeconds(165));
    }
}
