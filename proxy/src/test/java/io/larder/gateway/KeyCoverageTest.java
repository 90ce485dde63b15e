package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Authority;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Received;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two requests with one key are one request to the origin, but for what the route says does not count. */
class KeyCoverageTest {
    private static final FieldName COUNTRY = FieldName.of("X-Country");
    private static final KeyRules RULES = new KeyRules(
            new KeyRules.Query(List.of(new Glob("utm_*")), List.of(), false), List.of(COUNTRY), List.of("currency"));
    private static final String[] HOSTS = {
        "a.example",
        "A.example",
        "a.example.",
        "a.example:80",
        "a.example:443",
        "a.example:8080",
        "b.example",
        "x.a.example"
    };
    private static final String[] PIECES = {
        "/", "a", "A", "%61", "%2f", "%2F", ";", "..", ".", "?", "?", "&", "&", "=", "utm_x", "utm%5Fx", "+", "%20", "%"
    };
    private static final String[] VALUES = {"", "de", "de, fr", "fr", "1:a", "-"};

    private final ManualLoop loop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final ScriptedOrigin origin = new ScriptedOrigin();

    private Gateway gateway(Site site) {
        return new Gateway(
                List.of(new SiteRules(
                        site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false))),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(origin, new HostRule.Preserve()),
                new SharedCache(store, new Flights(store), Runnable::run));
    }

    private static Site site(@Nullable Authority canonical) {
        Route route = new Route(
                "all",
                "test.yaml:1",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(CacheRules.DEFAULTS.withKey(RULES), CachePlan.Collapse.OFF));
        return new Site("site", List.of(), canonical, Set.of(), List.of(route));
    }

    private static Request any(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int n = random.nextInt(5); n > 0; n--) {
            path.append(PIECES[random.nextInt(PIECES.length)]);
        }
        HeadersBuilder headers = Headers.builder();
        for (int n = random.nextInt(3); n > 0; n--) {
            headers.add(COUNTRY, VALUES[random.nextInt(VALUES.length)]);
        }
        for (int n = random.nextInt(3); n > 0; n--) {
            headers.add(Fields.COOKIE, "x=" + n + "; currency=" + VALUES[random.nextInt(VALUES.length)]);
        }
        headers.add("X-Forwarded-Host", HOSTS[random.nextInt(HOSTS.length)]);
        String scheme = random.nextInt(4) == 0 ? "https" : "http";
        return Request.get(Target.of(scheme, HOSTS[random.nextInt(HOSTS.length)], path.toString()), headers.build());
    }

    /** What an origin gets, without what the route says does not count. */
    private static List<Object> essence(Request sent) {
        String query = sent.target().query();
        String counted = query == null || query.contains(";") ? query : counted(query);
        List<String> cookies = sent.headers().all(Fields.COOKIE).stream()
                .map(line -> line.replaceAll("x=\\d; ", ""))
                .toList();
        return List.of(
                sent.headers().all(Fields.HOST),
                sent.headers().all(Fields.X_FORWARDED_HOST),
                sent.headers().all(Fields.X_FORWARDED_PROTO),
                sent.target().path(),
                String.valueOf(counted),
                sent.headers().all(COUNTRY),
                cookies);
    }

    private static @Nullable String counted(String query) {
        StringBuilder kept = new StringBuilder();
        boolean any = false;
        for (String parameter : query.split("&", -1)) {
            if (!parameter.startsWith("utm_x")
                    || parameter.replaceAll("=.*", "").matches(".*[%+].*")) {
                kept.append(any ? "&" : "").append(parameter);
                any = true;
            }
        }
        return any ? kept.toString() : null;
    }

    @ParameterizedTest
    @CsvSource({"1, ''", "2, ''", "3, www.a.example", "4, www.a.example:8443"})
    void equalKeysAreEqualRequests(long seed, String canonical) {
        Site site = site(canonical.isEmpty() ? null : Authority.parse(canonical));
        Gateway gateway = gateway(site);
        TrustedProxies trusted = new TrustedProxies(List.of());
        InetAddress peer = InetAddress.getLoopbackAddress();
        Client client = new Client(new InetSocketAddress(peer, 40000), "127.0.0.1", "web", 80);
        Random random = new Random(seed);
        Map<CacheKey, List<Object>> known = new HashMap<>();
        int met = 0;
        for (int i = 0; i < 20_000; i++) {
            Request request = any(random);
            gateway.handle(request, Exchange.begin(new RequestId(i), loop, client, Interim.NONE));
            List<Object> sent = essence(origin.last().request());
            CacheKey key = CacheKey.of(
                    RULES, Received.of(trusted, request, peer).on(site).request());
            List<Object> before = known.put(key, sent);
            if (before != null) {
                met++;
                assertThat(sent).as(key.toString()).isEqualTo(before);
            }
        }
        assertThat(met).isGreaterThan(1_000);
    }
}
