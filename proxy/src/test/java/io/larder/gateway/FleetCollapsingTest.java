package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.policy.VaryKey;
import io.larder.route.CachePlan;
import io.larder.store.Leases;
import io.larder.store.Leases.Claim;
import io.larder.store.Leases.Ending;
import io.larder.store.Leases.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks the origin where all nodes fetch once together: what the other nodes do is what a test says. */
class FleetCollapsingTest {
    private static final String[] FRESH = {"Cache-Control", "max-age=60", "ETag", "\"1\""};

    /** A claim that has been made, and what has come of it. */
    private static final class Call {
        final CacheKey key;
        final VaryKey variant;
        final CompletableFuture<Claim> answer = new CompletableFuture<>();
        final CompletableFuture<Ending> over = new CompletableFuture<>();
        final List<Outcome> released = new ArrayList<>();

        Call(CacheKey key, VaryKey variant) {
            this.key = key;
            this.variant = variant;
        }
    }

    private final Rehearsal rehearsal =
            new Rehearsal(CacheRules.DEFAULTS.withMaxObject(1000), 16 << 20, CachePlan.Collapse.FLEET);
    private final ScriptedOrigin origin = rehearsal.origin;
    private final List<Call> claims = new ArrayList<>();
    private final Map<CacheKey, Stored> afar = new HashMap<>();
    private final List<CacheKey> refusedAfar = new ArrayList<>();

    FleetCollapsingTest() {
        rehearsal.far = this::far;
        rehearsal.leases = (key, variant, asOf) -> {
            Call call = new Call(key, variant);
            claims.add(call);
            return call.answer;
        };
    }

    private CompletionStage<Variants> far(CacheKey key) {
        Stored found = afar.get(key);
        if (found != null) {
            rehearsal.store.put(key, found, rehearsal.store.fence());
        }
        refusedAfar.forEach(refused -> rehearsal.store.noteUnshareable(refused, Duration.ofSeconds(5)));
        return CompletableFuture.completedFuture(rehearsal.store.near(key));
    }

    private Collector get(String path, String... headers) {
        Collector client = rehearsal.get(path, headers);
        rehearsal.settle();
        return client;
    }

    private List<Collector> crowd(int size, String path) {
        List<Collector> clients = IntStream.range(0, size)
                .mapToObj(i -> rehearsal.get(i % 2 == 0 ? rehearsal.loop : rehearsal.otherLoop, path))
                .toList();
        rehearsal.settle();
        return clients;
    }

    private Call ours(int claim) {
        Call call = claims.get(claim);
        call.answer.complete(new Claim.Ours(call.released::add));
        rehearsal.settle();
        return call;
    }

    private Call theirs(int claim) {
        Call call = claims.get(claim);
        call.answer.complete(new Claim.Theirs(call.over));
        rehearsal.settle();
        return call;
    }

    private void end(Call call, Ending ending) {
        call.over.complete(ending);
        rehearsal.settle();
    }

    private void respond(int call, int status, String body, String... headers) {
        origin.calls.get(call).respond(status, body, headers);
        rehearsal.settle();
    }

    /** What another node has fetched; it is the same response, as this node would store it. */
    private void storeAfar(String path, String body, String... headers) {
        Rehearsal other = new Rehearsal();
        other.get(path);
        other.origin.last().respond(200, body, headers);
        other.settle();
        CacheKey key = claims.get(0).key;
        afar.put(key, other.store.near(key).all().get(0));
    }

    private static Ending landed(Outcome outcome) {
        return new Ending.Landed(outcome);
    }

    @Test
    void whoHasTheLeaseFetchesAndGivesItUpOnceThatIsStored() {
        List<Collector> clients = crowd(50, "/a");
        assertThat(claims).hasSize(1);
        assertThat(origin.calls).isEmpty();
        Call lease = ours(0);
        assertThat(origin.calls).hasSize(1);
        ScriptedOrigin.Feed body = origin.last().stream(4, FRESH);
        rehearsal.settle();
        body.chunk("body");
        rehearsal.settle();
        assertThat(lease.released).isEmpty();
        body.end();
        rehearsal.settle();
        assertThat(lease.released).containsExactly(Outcome.STORED);
        assertThat(clients).allSatisfy(client -> assertThat(client.text()).isEqualTo("body"));
        assertThat(origin.calls).hasSize(1);
        assertThat(get("/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(claims).hasSize(1);
    }

    @Test
    void whoDoesNotHaveItWaitsAndIsGivenWhatTheOtherNodeStored() {
        List<Collector> clients = crowd(50, "/a");
        Call call = theirs(0);
        assertThat(origin.calls).isEmpty();
        storeAfar("/a", "from afar", FRESH);
        end(call, landed(Outcome.STORED));
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo("from afar");
            assertThat(client.field("Cache-Status")).contains("hit");
        });
        assertThat(origin.calls).isEmpty();
        assertThat(claims).hasSize(1);
        assertThat(rehearsal.flights.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STORED", "UNSHAREABLE", "FAILED"})
    void whereNothingCanBeHadOfThatHeFetchesHimself(Outcome outcome) {
        Collector client = get("/a");
        end(theirs(0), landed(outcome));
        assertThat(claims).as("with the lease if he can").hasSize(2);
        Call lease = ours(1);
        respond(0, 200, "own", FRESH);
        assertThat(client.text()).isEqualTo("own");
        assertThat(lease.released).containsExactly(Outcome.STORED);
    }

    @Test
    void whoHasWaitedInVainDoesNotWaitAgain() {
        Collector client = get("/a");
        end(theirs(0), new Ending.Late());
        theirs(1);
        assertThat(origin.calls).hasSize(1);
        respond(0, 200, "own", FRESH);
        assertThat(client.text()).isEqualTo("own");
    }

    @Test
    void whereTheHolderIsLostAnotherOneIsWaitedForButNotForGood() {
        Collector client = get("/a");
        end(theirs(0), new Ending.Lost());
        end(theirs(1), new Ending.Lost());
        assertThat(origin.calls).isEmpty();
        end(theirs(2), new Ending.Lost());
        theirs(3);
        assertThat(origin.calls).hasSize(1);
        respond(0, 200, "own", FRESH);
        assertThat(client.text()).isEqualTo("own");
    }

    @Test
    void fiveSecondsAreEnough() {
        get("/a");
        Call call = theirs(0);
        rehearsal.loop.advance(Duration.ofSeconds(6));
        end(call, new Ending.Lost());
        theirs(1);
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void whereNobodyCanTellEachNodeFetches() {
        List<Collector> clients = crowd(10, "/a");
        claims.get(0).answer.complete(new Claim.Unknown());
        rehearsal.settle();
        respond(0, 200, "own", FRESH);
        assertThat(clients).allSatisfy(client -> assertThat(client.text()).isEqualTo("own"));
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void whereThereIsNoSharedTierNobodyIsAsked() {
        rehearsal.far = key -> null;
        get("/a");
        assertThat(claims).isEmpty();
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void whatIsForOneOnlyReleasesAllAndIsNotWaitedForAgain() {
        List<Collector> clients = crowd(5, "/a");
        Call lease = ours(0);
        respond(0, 200, "one's", "Cache-Control", "private");
        assertThat(lease.released).containsExactly(Outcome.UNSHAREABLE);
        assertThat(origin.calls).hasSize(5);
        for (int i = 1; i < 5; i++) {
            respond(i, 200, "of " + i, "Cache-Control", "private");
        }
        assertThat(clients.stream().map(Collector::text).distinct()).hasSize(5);
        get("/a");
        assertThat(origin.calls).hasSize(6);
        assertThat(claims).hasSize(1);
    }

    @Test
    void whatAnotherNodeFoundToBeForOneOnlyIsAskedForByEachClient() {
        List<Collector> clients = crowd(5, "/a");
        Call call = theirs(0);
        refusedAfar.add(call.key);
        end(call, landed(Outcome.UNSHAREABLE));
        assertThat(origin.calls).hasSize(5);
        for (int i = 0; i < 5; i++) {
            respond(i, 200, "of " + i, "Cache-Control", "private");
        }
        assertThat(clients.stream().map(Collector::text).distinct()).hasSize(5);
        assertThat(claims).as("nobody claims what is not waited for").hasSize(1);
        assertThat(rehearsal.flights.count()).isZero();
    }

    @Test
    void whatWasFoundToBeForOneOnlyIsNotEvenClaimed() {
        CacheKey key = keyOf("/a");
        refusedAfar.add(key);
        get("/b");
        get("/a");
        assertThat(claims).extracting(call -> call.key).doesNotContain(key);
        assertThat(origin.calls).hasSize(1);
    }

    private CacheKey keyOf(String path) {
        get(path);
        CacheKey key = claims.get(0).key;
        respondLater();
        return key;
    }

    /** Lets a flight end that was only to show its key. */
    private void respondLater() {
        claims.get(0).answer.complete(new Claim.Unknown());
        rehearsal.settle();
        respond(0, 500, "no");
        claims.clear();
        origin.calls.clear();
        rehearsal.loop.advance(Duration.ofMinutes(1));
    }

    @Test
    void aSessionThatIsRefusedSaysNothingOfTheOthers() {
        Collector client = get("/a", "Cookie", "sessionid=abcdefgh1");
        Call lease = ours(0);
        respond(0, 200, "personal");
        assertThat(client.text()).isEqualTo("personal");
        assertThat(lease.released).containsExactly(Outcome.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECTION_REFUSED", "RESPONSE_TIMEOUT", "INTERNAL"})
    void aFailureGivesTheLeaseUp(Failure.Kind kind) {
        List<Collector> clients = crowd(5, "/a");
        Call lease = ours(0);
        origin.last().fail(kind);
        rehearsal.settle();
        assertThat(lease.released).containsExactly(Outcome.FAILED);
        assertThat(clients.get(0).status()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void aBodyThatBreaksOffGivesTheLeaseUp() {
        get("/a");
        Call lease = ours(0);
        ScriptedOrigin.Feed body = origin.last().stream(10, FRESH);
        rehearsal.settle();
        body.fail();
        rehearsal.settle();
        assertThat(lease.released).containsExactly(Outcome.FAILED);
    }

    @Test
    void aBodyThatIsTooLargeGivesTheLeaseUp() {
        get("/a");
        Call lease = ours(0);
        ScriptedOrigin.Feed body = origin.last().stream(Body.UNKNOWN, FRESH);
        rehearsal.settle();
        body.chunk("x".repeat(2000));
        rehearsal.settle();
        while (lease.released.isEmpty() && body.isAsked()) {
            body.end();
            rehearsal.settle();
        }
        assertThat(lease.released).containsExactly(Outcome.UNSHAREABLE);
    }

    @Test
    void aValidationGivesTheLeaseUp() {
        get("/a");
        ours(0);
        respond(0, 200, "body", FRESH);
        rehearsal.loop.advance(Duration.ofMinutes(2));
        Collector client = get("/a");
        Call lease = ours(1);
        respond(1, 304, "", FRESH);
        assertThat(client.text()).isEqualTo("body");
        assertThat(lease.released).containsExactly(Outcome.STORED);
    }

    @Test
    void aHolderWhoseClientHasLeftGivesTheLeaseUp() {
        get("/a");
        Call lease = ours(0);
        rehearsal.leave(0);
        rehearsal.settle();
        assertThat(origin.last().exchange().departure().isGone()).isTrue();
        origin.last().fail(Failure.Kind.CLIENT_GONE);
        rehearsal.settle();
        assertThat(lease.released).containsExactly(Outcome.FAILED);
        assertThat(rehearsal.flights.count()).isZero();
    }

    @Test
    void whoWaitedWithOneWhoHasLeftIsServedAllTheSame() {
        Collector first = get("/a");
        Collector second = get("/a");
        Call call = theirs(0);
        rehearsal.leave(0);
        rehearsal.settle();
        storeAfar("/a", "from afar", FRESH);
        end(call, landed(Outcome.STORED));
        assertThat(second.text()).isEqualTo("from afar");
        assertThat(first.ended).as("nobody reads it").isTrue();
    }

    @Test
    void whoHasLeftWhileHeWaitedDoesNotHoldTheLeaseForLong() {
        get("/a");
        rehearsal.leave(0);
        Call lease = ours(0);
        for (ScriptedOrigin.Call asked : List.copyOf(origin.calls)) {
            assertThat(asked.exchange().departure().isGone()).isTrue();
            asked.fail(Failure.Kind.CLIENT_GONE);
        }
        rehearsal.settle();
        assertThat(lease.released).containsExactly(Outcome.FAILED);
        assertThat(rehearsal.flights.count()).isZero();
    }

    @Test
    void aVariantIsWaitedForOnceItIsKnown() {
        List<Collector> clients = crowd(4, "/a");
        assertThat(claims.get(0).variant).isEqualTo(VaryKey.NONE);
        storeAfar("/a", "english", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        rehearsal.leave(0);
        end(theirs(0), landed(Outcome.STORED));
        assertThat(clients.get(1).text()).as("they send no such field either").isEqualTo("english");
        Collector german = get("/a", "Accept-Language", "de");
        assertThat(claims).hasSize(2);
        assertThat(claims.get(1).variant).isNotEqualTo(VaryKey.NONE);
        end(theirs(1), landed(Outcome.STORED));
        assertThat(origin.calls)
                .as("it was another one: the next is waited for")
                .isEmpty();
        ours(2);
        respond(0, 200, "deutsch", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        assertThat(german.text()).isEqualTo("deutsch");
    }

    @Test
    void behindAStaleResponseOneNodeFetchesForAll() {
        String[] grace = {"Cache-Control", "max-age=60, stale-while-revalidate=600", "ETag", "\"1\""};
        get("/a");
        ours(0);
        respond(0, 200, "old", grace);
        rehearsal.loop.advance(Duration.ofMinutes(2));
        assertThat(get("/a").text()).isEqualTo("old");
        Call call = theirs(1);
        assertThat(origin.calls).hasSize(1);
        Rehearsal other = new Rehearsal();
        other.loop.advance(Duration.ofMinutes(2));
        other.get("/a");
        other.origin.last().respond(200, "new", grace);
        other.settle();
        afar.put(call.key, other.store.near(call.key).all().get(0));
        end(call, landed(Outcome.STORED));
        assertThat(origin.calls).hasSize(1);
        assertThat(get("/a").text()).isEqualTo("new");
        assertThat(rehearsal.flights.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0"})
    void whatMustBeValidatedForEachIsNotWaitedFor(String control) {
        get("/a");
        ours(0);
        respond(0, 200, "body", "Cache-Control", control, "ETag", "\"1\"");
        Collector client = get("/a");
        assertThat(claims).hasSize(1);
        respond(1, 304, "", "Cache-Control", control, "ETag", "\"1\"");
        assertThat(client.text()).isEqualTo("body");
    }

    @Test
    void whatMayHaveBeenPurgedIsNotWaitedFor() {
        rehearsal.inStep = false;
        get("/a");
        assertThat(claims).isEmpty();
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void aPartGoesAsItIs() {
        get("/a", "Range", "bytes=0-1");
        assertThat(claims).isEmpty();
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void onRoutesThatDoNotWantItNobodyClaims() {
        Rehearsal node = new Rehearsal();
        node.far = key -> CompletableFuture.completedFuture(Variants.NONE);
        node.leases = (key, variant, asOf) -> {
            throw new AssertionError("nobody asked for that");
        };
        node.get("/a");
        node.settle();
        assertThat(node.origin.calls).hasSize(1);
    }

    @Test
    void aBugLeavesNoFlightBehind() {
        Leases working = rehearsal.leases;
        rehearsal.leases = (key, variant, asOf) -> {
            throw new IllegalStateException("a bug");
        };
        Collector client = get("/a");
        assertThat(client.status() == 500 || client.error != null).isTrue();
        assertThat(rehearsal.flights.count()).isZero();
        rehearsal.leases = working;
        Collector next = get("/a");
        ours(0);
        respond(0, 200, "body", FRESH);
        assertThat(next.text()).isEqualTo("body");
    }
}
