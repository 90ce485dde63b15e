package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Failure;
import io.larder.exchange.ManualLoop;
import io.larder.http.FieldName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for whose fetch, and what becomes of them however it ends. */
class CollapsingTest {
    private static final String FRESH = "max-age=60";

    private final Rehearsal rehearsal = new Rehearsal();
    private final ScriptedOrigin origin = rehearsal.origin;

    private Collector get(String path, String... headers) {
        return rehearsal.get(path, headers);
    }

    private Collector getElsewhere(String path, String... headers) {
        return rehearsal.get(rehearsal.otherLoop, path, headers);
    }

    private List<Collector> crowd(int size, String path, String... headers) {
        List<Collector> clients = IntStream.range(0, size)
                .mapToObj(i -> i % 2 == 0 ? get(path, headers) : getElsewhere(path, headers))
                .toList();
        rehearsal.settle();
        return clients;
    }

    private void respond(int call, int status, String body, String... headers) {
        origin.calls.get(call).respond(status, body, headers);
        rehearsal.settle();
    }

    private void respondVarying(int call, String body) {
        respond(call, 200, body, "Cache-Control", FRESH, "Vary", "Accept-Language");
    }

    private static void assertAll(List<Collector> clients, String text) {
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo(text);
            assertThat(client.ended).isTrue();
        });
    }

    // RFC 9111 §4.1

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeThatMayHaveMissedAPurgeServesNobodyWhatWasAskedForBeforeHeCame(boolean reachedAgain) {
        List<Collector> clients = new ArrayList<>(crowd(1, "/a"));
        rehearsal.inStep = false;
        clients.addAll(crowd(2, "/a"));
        if (reachedAgain) { // what is known now was not when they came
            rehearsal.store.purge(new Purge.Url("a.example", "/a"));
            rehearsal.inStep = true;
        }
        respond(0, 200, "old", "Cache-Control", FRESH);
        assertThat(origin.calls).as("the others ask anew, together").hasSize(2);
        respond(1, 200, "new", "Cache-Control", FRESH);
        assertThat(clients).extracting(Collector::text).containsExactly("old", "new", "new");
    }

    @Test
    void whoCameWhileNoPurgeCouldBeMissedSharesWhatIsBrought() {
        List<Collector> clients = crowd(3, "/a");
        rehearsal.inStep = false;
        respond(0, 200, "one", "Cache-Control", FRESH);
        assertThat(origin.calls).hasSize(1);
        assertThat(clients).extracting(Collector::text).containsExactly("one", "one", "one");
    }

    @Test
    void aThousandWhoAreGivenNothingByTheFirstMakeOneFetchForEachVariant() {
        List<Collector> english = crowd(10, "/a", "Accept-Language", "en");
        List<Collector> german = crowd(500, "/a", "Accept-Language", "de");
        List<Collector> french = crowd(500, "/a", "Accept-Language", "fr");
        assertThat(origin.calls).hasSize(1);
        respondVarying(0, "hello");
        assertThat(origin.calls).hasSize(3);
        respondVarying(1, "1");
        respondVarying(2, "2");
        assertAll(english, "hello");
        assertThat(german.stream().map(Collector::text).distinct()).hasSize(1);
        assertThat(french.stream().map(Collector::text).distinct()).hasSize(1);
        assertThat(german.get(0).text()).isNotEqualTo(french.get(0).text());
        assertThat(origin.calls).hasSize(3);
        assertThat(rehearsal.flights.count()).isZero();
    }

    @Test
    void onceVaryIsKnownVariantsDoNotWaitForEachOther() {
        get("/a", "Accept-Language", "en");
        respondVarying(0, "hello");
        List<Collector> german = crowd(10, "/a", "Accept-Language", "de");
        List<Collector> french = crowd(10, "/a", "Accept-Language", "fr");
        assertThat(origin.calls).hasSize(3);
        respondVarying(2, "bonjour");
        assertAll(french, "bonjour");
        respondVarying(1, "hallo");
        assertAll(german, "hallo");
    }

    @Test
    void aVariantThatIsStillComingIsFollowedByItsOwnOnly() {
        get("/a", "Accept-Language", "en");
        ScriptedOrigin.Feed english = origin.calls.get(0).stream(10, "Cache-Control", FRESH, "Vary", "Accept-Language");
        english.chunk("hello");
        Collector german = getElsewhere("/a", "Accept-Language", "de");
        rehearsal.settle();
        respondVarying(1, "hallo");
        assertThat(german.text()).isEqualTo("hallo");
        Collector late = getElsewhere("/a", "Accept-Language", "en");
        rehearsal.settle();
        assertThat(late.text())
                .as("the store knows of German only, the air of English")
                .isEqualTo("hello");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void anOriginThatVariesOnSomethingElseEachTimeKeepsNobodyWaitingForLong() {
        List<Collector> clients = IntStream.range(0, 8)
                .mapToObj(i -> get("/a", "X-A", "" + i, "X-B", "" + i, "X-C", "" + i, "X-D", "" + i))
                .toList();
        for (int round = 0; round < 20; round++) {
            for (int call = 0; call < origin.calls.size(); call++) {
                respond(call, 200, "x", "Cache-Control", FRESH, "Vary", "X-" + "ABCD".charAt(round % 4));
            }
        }
        assertAll(clients, "x");
        assertThat(origin.calls).hasSize(8);
    }

    // RFC 9111 §5.2.2.4

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0", "max-age=60, no-cache"})
    void validationsOfWhatMustAlwaysBeValidatedCollapse(String control) {
        get("/a");
        respond(0, 200, "body", "Cache-Control", control, "ETag", "\"1\"");
        List<Collector> clients = crowd(1000, "/a");
        assertThat(origin.calls).as("one is validating").hasSize(2);
        respond(1, 304, "", "Cache-Control", control, "ETag", "\"1\"");
        assertThat(clients.get(0).text()).isEqualTo("body");
        assertThat(clients.get(1).response)
                .as("the origin had been asked before this one came")
                .isNull();
        assertThat(origin.calls).as("once more for all of those").hasSize(3);
        assertThat(origin.last().request().headers().toString()).contains("If-None-Match: \"1\"");
        respond(2, 304, "", "Cache-Control", control, "ETag", "\"1\"");
        assertAll(clients, "body");
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void whoWaitsForAnAnswerThatMustBeValidatedSharesTheNextOne() {
        List<Collector> clients = crowd(1000, "/a");
        respond(0, 200, "one", "Cache-Control", "no-cache", "ETag", "\"1\"");
        assertThat(origin.calls).hasSize(2);
        Collector tooLate = getElsewhere("/a");
        rehearsal.settle();
        respond(1, 200, "two", "Cache-Control", "no-cache", "ETag", "\"2\"");
        assertAll(clients.subList(1, 1000), "two");
        assertThat(tooLate.response).as("came after that question, too").isNull();
        respond(2, 304, "", "Cache-Control", "no-cache", "ETag", "\"2\"");
        assertThat(tooLate.text()).isEqualTo("two");
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void aResponseThatIsFreshAgainIsEverybodys() {
        get("/a");
        respond(0, 200, "body", "Cache-Control", "max-age=10", "ETag", "\"1\"");
        rehearsal.loop.advance(Duration.ofSeconds(20));
        rehearsal.otherLoop.advance(Duration.ofSeconds(20));
        List<Collector> clients = crowd(1000, "/a");
        respond(1, 304, "", "Cache-Control", "max-age=10", "ETag", "\"1\"");
        assertAll(clients, "body");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void aValidationWhoseAnswerIsOnePersonsReleasesTheOthersAtOnce() {
        get("/a");
        respond(0, 200, "body", "Cache-Control", "max-age=0", "ETag", "\"1\"");
        crowd(5, "/a");
        respond(1, 304, "", "Cache-Control", "private", "ETag", "\"1\"");
        assertThat(origin.calls).hasSize(6);
    }

    // RFC 9111 §4.3.2

    @Test
    void aConditionGoesToTheOriginAndWhatItBringsIsNotMistakenForEverybodysAnswer() {
        Collector leader = get("/a", "If-None-Match", "\"1\"");
        List<Collector> conditional = crowd(500, "/a", "If-None-Match", "\"1\"");
        List<Collector> plain = crowd(500, "/a");
        assertThat(origin.last().request().headers().toString()).contains("If-None-Match: \"1\"");
        respond(0, 304, "", "ETag", "\"1\"");
        assertThat(leader.status()).isEqualTo(304);
        assertThat(origin.calls).as("together, for the whole of it").hasSize(2);
        assertThat(origin.last().request().headers().toString()).doesNotContain("If-None-Match");
        respond(1, 200, "body", "Cache-Control", FRESH, "ETag", "\"1\"");
        assertAll(plain, "body");
        assertThat(conditional).allSatisfy(client -> assertThat(client.status()).isEqualTo(304));
        assertThat(origin.calls).hasSize(2);
        assertThat(get("/a").field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void aVisitorsOwnPageSendsTheOthersOnTogether() {
        get("/a", "Cookie", "sessionid=1");
        List<Collector> others = crowd(100, "/a");
        respond(0, 200, "mine", "Cache-Control", "private");
        assertThat(origin.calls).hasSize(2);
        respond(1, 200, "ours", "Cache-Control", FRESH);
        assertAll(others, "ours");
    }

    // how a flight ends

    @Test
    void aThousandWhoMayNotShareAreAllAtTheOriginAtOnce() {
        List<Collector> clients = crowd(1000, "/a");
        respond(0, 200, "mine", "Cache-Control", "private");
        assertThat(origin.calls).hasSize(1000);
        IntStream.range(1, 1000).forEach(i -> origin.calls.get(i).respond(200, "mine", "Cache-Control", "private"));
        rehearsal.settle();
        assertAll(clients, "mine");
    }

    @Test
    void whenEveryoneHasLeftTheOriginIsLetGo() {
        get("/a");
        Collector near = get("/a");
        Collector far = getElsewhere("/a");
        rehearsal.settle();
        rehearsal.leave(1);
        rehearsal.leave(0);
        rehearsal.settle();
        assertThat(origin.last().exchange().departure().isGone())
                .as("one waits")
                .isFalse();
        rehearsal.leave(2);
        rehearsal.settle();
        assertThat(origin.last().exchange().departure().isGone()).isTrue();
        assertThat(rehearsal.flights.count()).isZero();
        assertThat(List.of(near, far))
                .allSatisfy(client -> assertThat(client.status()).isEqualTo(499));
    }

    @Test
    void aFollowerThatLeftIsNotWaitedForAndHurtsNobody() {
        Collector leader = get("/a");
        get("/a");
        Collector third = get("/a");
        rehearsal.leave(1);
        respond(0, 200, "x", "Cache-Control", FRESH);
        assertAll(List.of(leader, third), "x");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTION_REFUSED", "RESPONSE_TIMEOUT", "PROTOCOL_ERROR"})
    void aFailureFailsForAll(Failure.Kind kind) {
        List<Collector> clients = crowd(1000, "/a");
        origin.last().fail(kind);
        rehearsal.settle();
        assertThat(clients).allSatisfy(client -> assertThat(client.status()).isEqualTo(kind.status()));
        assertThat(origin.calls).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOOP_DETECTED", "REQUEST_ERROR", "CLIENT_GONE", "INTERNAL"})
    void theLeadersOwnTroubleSendsTheOthersOnTogether(Failure.Kind kind) {
        Collector leader = get("/a");
        List<Collector> others = crowd(100, "/a");
        origin.last().fail(kind);
        rehearsal.settle();
        assertThat(leader.status()).isEqualTo(kind.status());
        assertThat(origin.calls).hasSize(2);
        respond(1, 200, "x", "Cache-Control", FRESH);
        assertAll(others, "x");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aBugInOneClientHurtsNoOther(boolean near) {
        get("/a");
        ManualLoop unlucky = near ? rehearsal.loop : rehearsal.otherLoop;
        Collector broken = rehearsal.slow(unlucky, "/a");
        List<Collector> others = crowd(4, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(2, "Cache-Control", FRESH);
        rehearsal.settle();
        broken.breakOnChunk();
        broken.readOn();
        rehearsal.settle();
        feed.chunk("a");
        rehearsal.settle();
        feed.chunk("b");
        feed.end();
        rehearsal.settle();
        assertAll(others, "ab");
        assertThat(broken.error).hasMessage("a bug in this client");
        assertThat(rehearsal.flights.bytes()).isZero();
    }

    @Test
    void aRefreshBehindAStaleResponseIsOfItsVariant() {
        get("/a", "Accept-Language", "en");
        get("/a", "Accept-Language", "de");
        String control = "max-age=10, stale-while-revalidate=60";
        respond(0, 200, "hello", "Cache-Control", control, "Vary", "Accept-Language");
        respond(1, 200, "hallo", "Cache-Control", control, "Vary", "Accept-Language");
        rehearsal.loop.advance(Duration.ofSeconds(20));
        for (int i = 0; i < 3; i++) {
            assertThat(get("/a", "Accept-Language", "en").text()).isEqualTo("hello");
            assertThat(get("/a", "Accept-Language", "de").text()).isEqualTo("hallo");
        }
        assertThat(origin.calls).hasSize(4);
    }

    /** Clients of many variants come and go on two loops in as many orders as chance gives. */
    @Test
    void everyoneGetsHisOwnAndNothingIsLeftBehind() {
        for (int seed = 0; seed < 300; seed++) {
            play(new Random(seed));
        }
    }

    private static void play(Random random) {
        Rehearsal rehearsal = new Rehearsal();
        String[] languages = {"en", "de", "fr"};
        Map<Integer, Collector> clients = new HashMap<>();
        Map<Integer, String> asked = new HashMap<>();
        List<ScriptedOrigin.Call> answered = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            String language = languages[random.nextInt(3)];
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    ManualLoop on = random.nextBoolean() ? rehearsal.loop : rehearsal.otherLoop;
                    int number = rehearsal.exchanges.size();
                    asked.put(number, language);
                    clients.put(number, rehearsal.get(on, "/a", "Accept-Language", language));
                }
                case 2 -> rehearsal.loop.run();
                case 3 -> rehearsal.otherLoop.run();
                case 4 -> answer(rehearsal.origin, answered, random);
                default -> {
                    if (!clients.isEmpty() && random.nextInt(4) == 0) {
                        int leaver = random.nextInt(clients.size());
                        if (asked.remove(leaver) != null) {
                            rehearsal.leave(leaver);
                        }
                    }
                }
            }
        }
        for (int i = 0; i < 20; i++) {
            rehearsal.settle();
            answer(rehearsal.origin, answered, new Random(1));
        }
        while (answered.size() < rehearsal.origin.calls.size()) {
            answer(rehearsal.origin, answered, new Random(1));
            rehearsal.settle();
        }
        asked.forEach((number, language) -> {
            Collector client = clients.get(number);
            assertThat(client).isNotNull();
            assertThat(client == null ? 0 : client.status()).isIn(200, 502, 504); // 504: a no-cache one is stored
            if (client != null && client.status() == 200) {
                assertThat(client.text()).isEqualTo(language);
                assertThat(client.ended).isTrue();
            }
        });
        assertThat(rehearsal.flights.count()).isZero();
        assertThat(rehearsal.flights.bytes()).isZero();
        Map<String, Long> byLanguage = rehearsal.origin.calls.stream()
                .collect(Collectors.groupingBy(CollapsingTest::language, Collectors.counting()));
        assertThat(byLanguage.values()).allSatisfy(count -> assertThat(count).isLessThan(12));
    }

    private static String language(ScriptedOrigin.Call call) {
        String language = call.request().headers().first(FieldName.of("Accept-Language"));
        return language == null ? "" : language;
    }

    private static void answer(ScriptedOrigin origin, List<ScriptedOrigin.Call> answered, Random random) {
        for (ScriptedOrigin.Call call : List.copyOf(origin.calls)) {
            if (!answered.contains(call)) {
                answered.add(call);
                if (call.exchange().departure().isGone()) {
                    call.fail(Failure.Kind.CLIENT_GONE);
                } else {
                    switch (random.nextInt(4)) {
                        case 0 -> call.fail(Failure.Kind.CONNECTION_REFUSED);
                        case 1 ->
                            call.respond(
                                    200,
                                    language(call),
                                    "Cache-Control",
                                    "no-cache",
                                    "ETag",
                                    "\"1\"",
                                    "Vary",
                                    "Accept-Language");
                        default -> call.respond(200, language(call), "Cache-Control", FRESH, "Vary", "Accept-Language");
                    }
                }
                return;
            }
        }
    }
}
