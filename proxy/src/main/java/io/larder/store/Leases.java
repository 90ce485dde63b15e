package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has one node fetch what several miss at the same time. Called on any thread; nothing blocks. */
@FunctionalInterface
public interface Leases {
    /** Of a node that is alone: there is nobody to agree with. */
    Leases NONE = (key, variant, asOf) -> CompletableFuture.completedFuture(new Claim.Unknown());

    /**
     * Claims the fetch of a key that is stored nowhere. Completes on any thread, soon, and never fails.
     *
     * @param variant of the key, as far as it is known by what its responses are selected
     * @param asOf which purges the one who claims knows of: whoever fetches since before a purge is not waited for
     */
    CompletionStage<Claim> claim(CacheKey key, VaryKey variant, AsOf asOf);

    /** What there is to do for someone who misses a key. */
    sealed interface Claim {
        /** He fetches it, and sees to it that {@link #release} is called, whatever comes of it. */
        record Ours(Release lease) implements Claim {
            /**
             * The fetch is over, and what it brought was put: lets the others know, once it has been written to where they
             * find it. Only the first call counts.
             */
            public void release(Outcome outcome) {
                lease.with(outcome);
            }
        }

        /**
         * Another node fetches it.
         *
         * @param over completes when that has ended, or is not worth waiting for any more: on any thread, within seconds,
         *     and never fails. Then one looks in the shared tier again.
         */
        record Theirs(CompletionStage<Ending> over) implements Claim {}

        /** Nobody can tell: he goes by himself. */
        record Unknown() implements Claim {}
    }

    /**
     * What has been going on here.
     *
     * @param taken leases that this node got
     * @param waited claims that found another's lease
     * @param lost how many of those waited for one that was not heard of any more
     * @param timedOut how many of those waited for too long
     * @param held leases that this node has now
     * @param waiting how many wait now
     */
    record Stats(long taken, long waited, long lost, long timedOut, int held, int waiting) {}

    /** How a lease is given up; see {@link Claim.Ours#release}. */
    @FunctionalInterface
    interface Release {
        void with(Outcome outcome);
    }

    /** What a fetch brought. */
    enum Outcome {
        /** Something that was stored. */
        STORED,
        /** Something that is not for everybody, or too large for that. */
        UNSHAREABLE,
        /** Nothing, or nothing that says anything of what others would get. */
        FAILED
    }

    /** How waiting for another node ended. */
    sealed interface Ending {
        /** It says what came of it. */
        record Landed(Outcome outcome) implements Ending {}

        /** It is not heard of any more. */
        record Lost() implements Ending {}

        /** It takes too long. */
        record Late() implements Ending {}
    }
}
