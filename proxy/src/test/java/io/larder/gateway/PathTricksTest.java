package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cache deception and poisoning by spelling. The account pages behind this gateway are protected by nothing but the route
 * that does not cache them, and static ones are cached for a day whatever they say: whatever an origin takes a path for, a
 * visitor's account must never be anybody else's answer, and no page must be stored that an origin finds elsewhere.
 */
class PathTricksTest {
    /** Spellings of paths that some origin or other takes for something under {@code /account} or {@code /static}. */
    private static final List<String> TRICKS = List.of(
            // plain
            "/account",
            "/account/",
            "/account/me",
            "/static/app.css",
            "/static",
            "/",
            "/other",
            // suffixes that look static
            "/account/me.css",
            "/account/x.css",
            "/account/me/static/app.css",
            "/account.css",
            "/account/.css",
            // dot segments, raw
            "/static/../account/me",
            "/static/./../account/me",
            "/static/x/../../account/me",
            "/account/../static/app.css",
            "/./account/me",
            "/account/./me",
            "/static/../../account/me",
            "/..",
            "/../account/me",
            "/static/..",
            "/static/.../account/me",
            "/account/me/..",
            "/account/me/../../static/app.css",
            // dot segments, encoded
            "/static/%2e%2e/account/me",
            "/static/%2E%2E/account/me",
            "/static/.%2e/account/me",
            "/static/%2e./account/me",
            "/account/%2e%2e/static/app.css",
            // slashes, encoded
            "/static/..%2faccount%2fme",
            "/static/..%2Faccount%2Fme",
            "/static%2f..%2faccount/me",
            "/account%2fme",
            "/static%2fapp.css",
            "/static/%2faccount/me",
            "/account%2f..%2fstatic/app.css",
            "/static/%2e%2e%2faccount%2fme",
            "/%2faccount/me",
            "/%2e%2e/account/me",
            "/static/..%2f..%2faccount/me",
            // twice encoded
            "/static/%252e%252e/account/me",
            "/static/..%252faccount%252fme",
            "/static/%252e%252e%252faccount/me",
            "/account%252f..%252fstatic/app.css",
            "/%2541/me",
            "/static/%25252e%25252e%25252faccount/me",
            "/static/%252e%252e%255caccount/me",
            // backslashes
            "/static/..\\account\\me",
            "/static\\..\\account/me",
            "/account\\me",
            "/static/..%5caccount%5cme",
            "/static/..%5Caccount/me",
            "/static%5c..%5caccount/me",
            // parameters
            "/account;x.css",
            "/account/me;x=/static/app.css",
            "/account%3b.css",
            "/account;/../static/app.css",
            "/static;/../account/me",
            "/static/..;/account/me",
            "/static/..;x=1/account/me",
            "/;x/account/me",
            "/static/.;/../account/me",
            "/static/..%3b/account/me",
            "/account;a=b;c=d/me",
            "/static/app.css;/../../account/me",
            "/static/%2e%2e;/account/me",
            // slashes, many
            "//account/me",
            "/static//../account/me",
            "///account//me",
            "//static/app.css",
            "/static//app.css",
            "/static//..//account/me",
            "/account//",
            "/static/..//account",
            // ends
            "/account%00.css",
            "/account/me%00/static/app.css",
            "/account%0a.css",
            "/account%0d%0a.css",
            "/account/me%23/static/app.css",
            "/account%3f.css",
            "/account%3fx/../static/app.css",
            "/static/..%00/account/me",
            "/account%09",
            "/account%20",
            "/static/app.css%00",
            "/account%20/me",
            "/account./me",
            "/static./app.css",
            "/account%2e",
            "/account%7f",
            "/static/..%23/account",
            "/static%3f/../account/me",
            "/static/%00../account/me",
            // case
            "/ACCOUNT/me",
            "/Account/me",
            "/STATIC/app.css",
            "/Static/../account/me",
            "/STATIC/..%2fACCOUNT/me",
            "/%41CCOUNT/me",
            // escapes of letters, and their case
            "/%61ccount/me",
            "/%73tatic/app.css",
            "/acc%6Funt/me",
            "/acc%6funt/me",
            "/%53tatic/app.css",
            // overlong and wide
            "/static/%c0%ae%c0%ae/account/me",
            "/static/..%c0%afaccount/me",
            "/static/..%c1%9caccount/me",
            "/static/..%e0%80%afaccount/me",
            "/static/..%ef%bc%8faccount/me",
            "/static/%u002e%u002e%u002faccount/me",
            "/static/..%f0%80%80%afaccount/me",
            // no escapes
            "/static/%",
            "/account/%zz",
            "/static/..%2/account/me",
            "/static/%2",
            "/static/..%%32%66account/me",
            // blanks
            "/account+me",
            "/account/+me",
            "/static/+..+/account/me",
            "/static/%20../account/me",
            "/static/..%20/account/me",
            "/account/%20me");

    private static final List<Reader> READERS = List.of(
            new Reader("raw", List.of()),
            new Reader("resolving", List.of(Reader::resolved)),
            new Reader("Django", List.of(Reader::decoded)),
            new Reader("nginx", List.of(Reader::decoded, Reader::resolved, Reader::joined)),
            new Reader("nginx that resolves late", List.of(Reader::decoded, Reader::joined, Reader::resolved)),
            new Reader("Tomcat", List.of(Reader::withoutParameters, Reader::decoded, Reader::joined, Reader::resolved)),
            new Reader("Jetty", List.of(Reader::withoutParameters, Reader::resolved, Reader::decoded)),
            new Reader(
                    "a servlet that drops late", List.of(Reader::decoded, Reader::withoutParameters, Reader::resolved)),
            new Reader(
                    "nginx before Tomcat",
                    List.of(
                            Reader::decoded,
                            Reader::joined,
                            Reader::resolved,
                            Reader::withoutParameters,
                            Reader::decoded,
                            Reader::resolved)),
            new Reader(
                    "IIS",
                    List.of(
                            Reader::decoded,
                            Reader::slashed,
                            Reader::joined,
                            Reader::resolved,
                            Reader::trimmed,
                            Reader::lower)),
            new Reader(
                    "old IIS",
                    List.of(
                            Reader::decoded,
                            Reader::unicode,
                            Reader::decoded,
                            Reader::overlong,
                            Reader::slashed,
                            Reader::resolved,
                            Reader::lower)),
            new Reader("C", List.of(Reader::decoded, Reader::untilControl, Reader::resolved)),
            new Reader("wide", List.of(Reader::decoded, Reader::overlong, Reader::resolved)),
            new Reader(
                    "decodes for ever",
                    List.of(
                            Reader::decoded,
                            Reader::decoded,
                            Reader::decoded,
                            Reader::decoded,
                            Reader::slashed,
                            Reader::resolved)),
            new Reader(
                    "hands on what it decoded",
                    List.of(Reader::decoded, Reader::untilQuery, Reader::decoded, Reader::resolved)));

    /** How an origin comes from a raw path to a page. */
    private record Reader(String name, List<UnaryOperator<String>> deeds) {
        String page(String raw) {
            String path = raw;
            for (UnaryOperator<String> deed : deeds) {
                path = deed.apply(path);
            }
            return path;
        }

        boolean findsAccount(String raw) {
            return isUnder("/account", page(raw));
        }

        boolean findsStatic(String raw) {
            return isUnder("/static", page(raw));
        }

        static boolean isUnder(String root, String page) {
            return page.equals(root) || page.startsWith(root + "/");
        }

        static String decoded(String path) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < path.length(); i++) {
                boolean escape = path.charAt(i) == '%' && path.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*");
                out.write(escape ? Integer.parseInt(path.substring(i + 1, i + 3), 16) : path.charAt(i));
                i += escape ? 2 : 0;
            }
            return out.toString(StandardCharsets.ISO_8859_1);
        }

        static String unicode(String path) {
            return path.replaceAll("%u00([0-9a-fA-F]{2})", "%$1");
        }

        static String overlong(String path) {
            return path.replace("\u00c0\u00ae", ".")
                    .replace("\u00c0\u00af", "/")
                    .replace("\u00c1\u009c", "\\")
                    .replace("\u00e0\u0080\u00af", "/")
                    .replace("\u00f0\u0080\u0080\u00af", "/")
                    .replace("\u00ef\u00bc\u008f", "/");
        }

        static String withoutParameters(String path) {
            return path.replaceAll(";[^/]*", "");
        }

        static String slashed(String path) {
            return path.replace('\\', '/');
        }

        static String joined(String path) {
            return path.replaceAll("/+", "/");
        }

        static String trimmed(String path) {
            return path.replaceAll("[. ]+(?=/|$)", "");
        }

        static String lower(String path) {
            return path.toLowerCase(Locale.ROOT);
        }

        static String untilControl(String path) {
            return path.replaceAll("(?s)[\\x00-\\x1f].*", "");
        }

        static String untilQuery(String path) {
            return path.replaceAll("(?s)[?#].*", "");
        }

        static String resolved(String path) {
            List<String> kept = new ArrayList<>();
            for (String segment : path.split("/", -1)) {
                if (segment.equals("..")) {
                    if (kept.size() > 1) {
                        kept.remove(kept.size() - 1);
                    }
                } else if (!segment.equals(".")) {
                    kept.add(segment);
                }
            }
            return String.join("/", kept);
        }
    }

    /** A gateway in front of one origin, and what came back. */
    private static final class House {
        private final ManualLoop loop = new ManualLoop();
        private final Reader reader;
        private final Gateway gateway;
        private int asked;

        House(Reader reader) {
            this.reader = reader;
            CachePlan day = new CachePlan(
                    CacheRules.DEFAULTS.withLifetimes(new CacheRules.Lifetimes(
                            Duration.ofDays(1), null, false, Map.of(), List.of(), 0, Duration.ofDays(7))),
                    CachePlan.Collapse.NODE);
            List<Route> routes = List.of(
                    route("/static/**", day),
                    route("/account/**", null),
                    route("/**", new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE)));
            Site site = new Site("site", List.of(), null, Set.of(), routes);
            LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
            this.gateway = new Gateway(
                    List.of(new SiteRules(
                            site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false))),
                    List.of("web"),
                    new TrustedProxies(List.of()),
                    name -> new Origin(
                            (request, exchange) -> CompletableFuture.completedFuture(answer(request)),
                            new HostRule.Preserve()),
                    new SharedCache(store, new Flights(store), Runnable::run));
        }

        private static Route route(String pattern, @Nullable CachePlan plan) {
            return new Route(
                    pattern,
                    "test.yaml:1",
                    PathPattern.compile(pattern),
                    Conditions.NONE,
                    new Action.Proxy("app", null),
                    plan);
        }

        /** Account pages are marked as if everybody might share them, static ones not at all. */
        private Response answer(Request request) {
            asked++;
            String who = String.valueOf(request.headers().first(FieldName.of("X-User")));
            String page = reader.page(request.target().path());
            Headers headers = reader.findsAccount(request.target().path())
                    ? Headers.of("Cache-Control", "max-age=600")
                    : reader.findsStatic(request.target().path())
                            ? Headers.EMPTY
                            : Headers.of("Cache-Control", "max-age=60");
            return Response.of(200, headers, new Body.Whole(Bytes.utf8(who + " sees " + page)));
        }

        String get(String path, String who) {
            InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
            Exchange exchange =
                    Exchange.begin(new RequestId(1), loop, new Client(peer, "127.0.0.1", "web", 80), Interim.NONE);
            Request request = Request.get(Target.of("http", "a.example", path), Headers.of("X-User", who));
            return Collector.of(gateway.handle(request, exchange)).text();
        }
    }

    static Stream<String> tricks() {
        return TRICKS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tricks")
    void nobodySeesAnothersAccountHoweverItIsSpelled(String path) {
        for (Reader reader : READERS) {
            check(new House(reader), path);
        }
    }

    private static void check(House house, String path) {
        String hers = house.get(path, "alice");
        String his = house.get(path, "mallory");
        String page = house.reader.page(path);
        if (house.reader.findsAccount(path)) {
            assertThat(his).as(house.reader.name()).isEqualTo("mallory sees " + page);
        } else {
            assertThat(List.of("alice sees " + page, "mallory sees " + page)).contains(his);
        }
        assertThat(hers).isEqualTo("alice sees " + page);
        for (String other : List.of("/account/me", "/static/app.css", "/", "/other")) {
            String page2 = house.reader.page(other);
            boolean own = house.reader.findsAccount(other);
            assertThat(house.get(other, "bob"))
                    .as(house.reader.name() + ": " + other + " after " + path)
                    .isIn(own ? List.of("bob sees " + page2) : List.of("bob sees " + page2, "alice sees " + page2));
        }
    }

    /** A day's lifetime belongs to what an origin finds under {@code /static/}, and to nothing else. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("tricks")
    void aLifetimeIsNeverLaidOnAnotherRoutesPage(String path) {
        for (Reader reader : READERS) {
            House house = new House(reader);
            house.get(path, "alice");
            house.loop.advance(Duration.ofHours(1));
            int before = house.asked;
            house.get(path, "alice");
            if (house.asked == before) {
                assertThat(reader.findsStatic(path))
                        .as(reader.name() + " reads " + reader.page(path))
                        .isTrue();
            }
        }
    }

    @Test
    void whatEverybodyReadsAlikeIsCached() {
        for (String path : List.of(
                "/static/app.css",
                "/static/app%20one.css",
                "/static/caf%C3%A9.css",
                "/other",
                "/wiki/Main_Page",
                "/wiki/AC%2FDC",
                "/search/100%25",
                "/a;v=1/b",
                "/wiki/%E6%97%A5%E6%9C%AC",
                "//x",
                "/a/../b",
                "/a.b/c.",
                "/static/v1.2/x.y.js")) {
            House house = new House(READERS.get(3));
            house.get(path, "alice");
            assertThat(house.get(path, "bob")).as(path).startsWith("alice");
        }
    }

    @Test
    void noMixtureOfTricksGetsThrough() {
        Random random = new Random(3986);
        String[] pieces = {
            "/",
            "/",
            "account",
            "static",
            "..",
            ".",
            "%2e",
            "%2f",
            "%252f",
            "%252e",
            ";",
            ";x",
            "\\",
            "%5c",
            "%00",
            "%3f",
            "%23",
            "%c0%af",
            "%3b",
            "Static",
            "ACCOUNT",
            "%61ccount",
            "me",
            "app.css",
            "%20",
            "%0a",
            "%25",
            "%u002f"
        };
        for (int i = 0; i < 4_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = 1 + random.nextInt(9); n > 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            String raw = path.toString();
            Reader reader = READERS.get(random.nextInt(READERS.size()));
            check(new House(reader), raw);
        }
    }
}
