package io.larder.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a live explanation tells of what is stored and of the servers. */
class ExplainTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Target TARGET = Target.of("http", "shop.example", "/p");
    private static final CacheRules RULES = CacheRules.DEFAULTS.withKey(
            new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("X-Api-Key")), List.of("lang")));

    private List<Present.Candidate> servers = List.of(server("a:1", 2, true), server("b:1", 0, true));
    private Variants variants = Variants.NONE;
    private Variants byQuery = Variants.NONE;
    private boolean unshareable;
    private CacheRules rules = RULES;
    private @Nullable Response response;

    private static Present.Candidate server(String address, int inFlight, boolean usable) {
        return new Present.Candidate(new Endpoint(address, 1, 0), inFlight, usable);
    }

    /** As a gateway has it. */
    private final class Now implements Present {
        @Override
        public List<Tier> tiers(CacheKey key) {
            return List.of(new Tier("local", key.query() == null ? variants : byQuery));
        }

        @Override
        public @Nullable CacheKey alike(CacheKey key) {
            return byQuery.isEmpty() ? null : key.withQuery("page=1&utm=x");
        }

        @Override
        public boolean isUnshareable(CacheKey key) {
            return unshareable;
        }

        @Override
        public int uses(CacheKey key) {
            return 0;
        }

        @Override
        public Group group(String upstream) {
            return new Group("least-requests", true, servers);
        }
    }

    /** Everything is written where its name says. */
    private record Named() implements Setup.Signposts {
        @Override
        public String site(Site site) {
            return "site";
        }

        @Override
        public String upstream(String name) {
            return "upstream";
        }

        @Override
        public String cacheKey(Site site, Route route, String key) {
            return "cache." + key;
        }

        @Override
        public @Nullable String key(String path) {
            return path;
        }
    }

    private Explanation explain(String... headers) throws Exception {
        Route route = new Route(
                "all",
                "route",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(rules, CachePlan.Collapse.NODE));
        Site site = new Site("shop", List.of(), null, Set.of(), List.of(route));
        Setup setup = new Setup(
                new RouteTable(List.of(site)),
                List.of("web"),
                new TrustedProxies(List.of()),
                Map.of("shop", Set.of("PURGE")),
                new Named());
        Request request = Request.get(TARGET, Headers.of(headers));
        InetAddress peer = InetAddress.getByName("127.0.0.1");
        return Explain.of(setup, new Described(request, null, peer, response), new Now(), true, NOW);
    }

    private static Stored stored(int secondsAgo, Headers asked, String... fields) {
        Instant then = NOW.minusSeconds(secondsAgo);
        Response response = Response.of(200, Headers.of(fields), Body.none());
        return switch (Storability.of(RULES, Request.get(TARGET, asked), response, then, then)) {
            case Storability.Keep keep -> keep.with(Bytes.utf8("hello"));
            case Storability.Refuse refuse -> throw new AssertionError(refuse);
        };
    }

    private void keepForOne() {
        CacheRules.Personal personal =
                new CacheRules.Personal(new CacheRules.Selector.OfCookie("sid"), Duration.ofSeconds(30));
        rules = RULES.withSharing(new CacheRules.Sharing(CacheRules.Guarding.ON, personal));
    }

    private List<String> answers(String... headers) throws Exception {
        return explain(headers).steps().stream().map(Step::answer).toList();
    }

    @Test
    void whatIsKeptForOneClientIsToldToThatOne() throws Exception {
        keepForOne();
        variants = Variants.of(stored(10, Headers.EMPTY, "Cache-Control", "max-age=60"));
        String alone = "what is kept for this client alone comes first";
        assertThat(answers("Cookie", "sid=secret")).contains(alone).noneMatch(answer -> answer.contains("secret"));
        assertThat(answers()).doesNotContain(alone);
    }

    @Test
    void whatWillBeKeptForOneClientIsSaid() throws Exception {
        keepForOne();
        response = Response.of(200, Headers.of("Cache-Control", "private, max-age=60"), Body.none());
        assertThat(explain("Cookie", "sid=secret").verdict().sentence())
                .endsWith("kept for this client alone for 30 s");
        assertThat(explain().verdict().sentence()).contains("not stored");
    }

    private static List<String> notes(Explanation explanation, String topic) {
        List<String> notes = new ArrayList<>();
        explanation.steps().stream()
                .filter(step -> step.topic().equals(topic))
                .flatMap(step -> step.notes().stream())
                .forEach(note -> notes.add(note.name() + ": " + note.text()));
        return notes;
    }

    @Test
    void tellsWhatIsStored() throws Exception {
        variants = Variants.of(stored(5, Headers.of("Accept", "b"), "Cache-Control", "max-age=2", "Vary", "Accept"))
                .with(stored(
                        19,
                        Headers.of("Accept", "a"),
                        "Cache-Control",
                        "max-age=60",
                        "Vary",
                        "Accept",
                        "Surrogate-Key",
                        "red shoes"));
        Explanation explanation = explain("Accept", "a");
        assertThat(explanation.verdict())
                .isEqualTo(new Explanation.Verdict("hit", "fresh", "hit: fresh for 41 s more"));
        assertThat(notes(explanation, "stored"))
                .containsExactly(
                        "selected: 200, 5 B, age 19 s, fresh for 41 s more",
                        "lifetime: 60 s, from max-age",
                        "varies by: Accept",
                        "tags: red, shoes",
                        "other variant: 200, 5 B, age 5 s, stale for 3 s",
                        "  varies by: Accept");
    }

    @Test
    void tellsWhichStoredUrlAnswersBesideItsOwn() throws Exception {
        byQuery = Variants.of(
                stored(10, Headers.EMPTY, "Cache-Control", "max-age=60", "No-Vary-Search", "params, except=(\"id\")"));
        Explanation explanation = explain();
        assertThat(explanation.verdict().sentence()).isEqualTo("hit: fresh for 50 s more");
        assertThat(explanation.steps())
                .filteredOn(step -> step.topic().equals("alike"))
                .map(Step::answer)
                .containsExactly("yes: http://shop.example/p?page=1&utm=x");
        assertThat(notes(explanation, "alike"))
                .containsExactly(
                        "No-Vary-Search: params, except=(\"id\")",
                        "selected: 200, 5 B, age 10 s, fresh for 50 s more",
                        "lifetime: 60 s, from max-age");
    }

    @Test
    void whatSaysSoNoLongerAnswersNothingElse() throws Exception {
        byQuery = Variants.of(stored(10, Headers.EMPTY, "Cache-Control", "max-age=60"));
        assertThat(explain().verdict().outcome()).isEqualTo("miss");
        byQuery = Variants.of(stored(70, Headers.EMPTY, "Cache-Control", "max-age=60", "No-Vary-Search", "params"));
        assertThat(explain().verdict().outcome()).isEqualTo("miss");
    }

    @Test
    void secretsAreNotShown() throws Exception {
        Explanation explanation =
                explain("X-Api-Key", "s3cret", "Cookie", "lang=de; sid=s3cret", "Authorization", "Bearer s3cret");
        assertThat(explanation.toString()).doesNotContain("s3cret");
        assertThat(notes(explanation, "key"))
                .containsExactly(
                        "header: X-Api-Key: ******** (6 characters) (cache.key.headers)",
                        "cookie: lang: ******** (2 characters) (cache.key.cookies)");
    }

    @Test
    void tellsWhichServerIsAsked() throws Exception {
        Explanation both = explain();
        assertThat(both.steps().getLast().answer()).isEqualTo("b:1, the least busy");
        assertThat(notes(both, "server"))
                .containsExactly("upstream: app, least-requests", "servers: a:1 (2 in flight), b:1 (0 in flight)");
        servers = List.of(server("a:1", 2, true), server("b:1", 0, false));
        Explanation one = explain();
        assertThat(one.steps().getLast().answer()).isEqualTo("a:1, the only one that may be picked");
        assertThat(notes(one, "server")).contains("servers: a:1 (2 in flight), b:1 (left alone after failures)");
        servers = List.of(server("a:1", 1, true), server("b:1", 1, true), server("c:1", 1, true));
        assertThat(explain().steps().getLast().answer()).isEqualTo("one of 3, by least-requests");
    }

    @Test
    void anUnshareableKeyIsAHitForMiss() throws Exception {
        unshareable = true;
        assertThat(explain().verdict().sentence())
                .isEqualTo("goes to the origin: the last response under this key could not be shared");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "-1500, 1 s",
        "119000, 119 s",
        "120000, 2 min",
        "185000, 3 min 5 s",
        "7260000, 2 h 1 min",
        "172800000, 2 d",
        "180000000, 2 d 2 h"
    })
    void times(long millis, String text) {
        assertThat(Amounts.time(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1536, 1.5 KiB", "5242880, 5.0 MiB"})
    void sizes(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }
}
