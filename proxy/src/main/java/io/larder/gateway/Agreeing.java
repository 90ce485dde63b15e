package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.policy.CacheKey;
import io.larder.policy.Reason;
import io.larder.policy.Standing;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.policy.VaryKey;
import io.larder.store.Leases.Claim;
import io.larder.store.Leases.Ending;
import io.larder.store.Leases.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a flight gets to the origin: not before it is known that no other node has what it is to bring, nor, where the route
 * has the whole fleet fetch once, while another node is about to have it. Then it waits, for some seconds at most, and looks
 * again. Where nobody can tell, it goes at once. Confined to the flight's loop.
 *
 * @param <T> what comes of it
 */
final class Agreeing<T> {
    /** For how long, and how often, others are waited for. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int PATIENCE = 3;

    /** What becomes of a need now that something, or nothing, was found afar. */
    @FunctionalInterface
    interface Looking<T> {
        /**
         * Answers it, or not.
         *
         * @param otherwise goes on where what was found will not do
         */
        CompletionStage<T> look(Need need, Variants found, Function<Need, CompletionStage<T>> otherwise);
    }

    /** What asks the origin. */
    @FunctionalInterface
    interface Asking<T> {
        /**
         * Asks for what is needed.
         *
         * @param told how it ended, once: in every case
         */
        CompletionStage<T> ask(Need need, Consumer<Outcome> told);
    }

    private final SharedCache cache;
    private final Flight flight;
    private final boolean fleet;
    private final Function<Need, VaryKey> variant;
    private final Looking<T> looking;
    private final Asking<T> asking;
    private int waits;
    private long since;

    /**
     * @param fleet whether other nodes are waited for
     * @param variant which variant of the key a need is for, as far as anything is known of that
     */
    Agreeing(
            SharedCache cache,
            Flight flight,
            boolean fleet,
            Function<Need, VaryKey> variant,
            Looking<T> looking,
            Asking<T> asking) {
        this.cache = cache;
        this.flight = flight;
        this.fleet = fleet;
        this.variant = variant;
        this.looking = looking;
        this.asking = asking;
    }

    /** Begins, for a need that this node cannot answer. */
    CompletionStage<T> go(Need need) {
        since = loop(need).nanos();
        return look(need, still -> fleet ? claim(still, true) : asking.ask(still, Agreeing::keep));
    }

    private CompletionStage<T> look(Need need, Function<Need, CompletionStage<T>> otherwise) {
        CompletionStage<Variants> far = cache.store().far(key(need));
        return far == null
                ? asking.ask(need, Agreeing::keep)
                : then(need, far, found -> looking.look(need, found, otherwise));
    }

    /** @param patient whether another node is waited for */
    private CompletionStage<T> claim(Need need, boolean patient) {
        if (isForEach(need) || !cache.store().isInStep()) {
            return asking.ask(need, Agreeing::keep);
        }
        CompletionStage<Claim> claim = cache.leases()
                .claim(key(need), variant.apply(need), cache.store().fence().shared());
        return then(need, claim, claimed -> switch (claimed) {
            case Claim.Ours ours -> asking(need, ours);
            case Claim.Theirs(CompletionStage<Ending> over) when patient -> await(need, over);
            case Claim.Theirs theirs -> asking.ask(need, Agreeing::keep);
            case Claim.Unknown unknown -> asking.ask(need, Agreeing::keep);
        });
    }

    private CompletionStage<T> await(Need need, CompletionStage<Ending> over) {
        waits++;
        return then(need, over, ending -> look(need, still -> claim(still, isWorthWaiting(still, ending))));
    }

    /** Whether what others were told of it has to be validated again for whoever asks next. */
    private static boolean isForEach(Need need) {
        Stored stale = need.stale();
        return stale != null
                && stale.standing().kind()
                        == Standing.Kind.SOUND // else it may be as fresh as ever once it is confirmed
                && (stale.head().freshness().lifetime() <= 0
                        || stale.head().use().stale().always());
    }

    private CompletionStage<T> asking(Need need, Claim.Ours ours) {
        try {
            return asking.ask(need, ours::release);
        } catch (RuntimeException bug) {
            ours.release(Outcome.FAILED);
            throw bug;
        }
    }

    /**
     * Whether another node is waited for once more: the next one, where the last is gone; or the one that fetches this
     * variant, where the last brought another.
     */
    private boolean isWorthWaiting(Need need, Ending ending) {
        boolean patient = waits < PATIENCE && loop(need).nanos() - since < LONGEST.toNanos();
        return patient
                && switch (ending) {
                    case Ending.Landed(Outcome outcome) -> need.why() == Reason.VARY_MISS;
                    case Ending.Lost lost -> true;
                    case Ending.Late late -> false;
                };
    }

    /** Nobody else wants to know how it ended. */
    private static void keep(Outcome outcome) {}

    private <A> CompletionStage<T> then(Need need, CompletionStage<A> answer, Function<A, CompletionStage<T>> what) {
        return answer.thenComposeAsync(
                known -> cache.flights().inCharge(flight, () -> what.apply(known)), loop(need)::execute);
    }

    private static CacheKey key(Need need) {
        return need.quest().key();
    }

    private static Loop loop(Need need) {
        return need.quest().exchange().loop();
    }
}
