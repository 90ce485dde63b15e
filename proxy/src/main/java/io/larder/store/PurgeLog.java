package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Follower;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Quorum;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The log of purges that nodes share. Each call is answered as of one moment, on any thread; it fails where the log cannot
 * be asked, within a time that the implementation sets.
 */
interface PurgeLog {
    /** See {@link Follower.Question.Join}. */
    CompletionStage<LogState> join(long distrusted);

    /** See {@link Follower.Question.Sync}; {@code node} counts as alive from now on, for longer than it trusts what it has. */
    CompletionStage<Follower.Answer> sync(String node, AsOf cursor);

    /** {@code node} serves nothing any more: nobody has to wait for it. */
    CompletionStage<?> leave(String node);

    /** Adds {@code entry}, whose position is not counted; empty where the log is not that of {@code epoch}. */
    CompletionStage<Optional<AsOf>> append(long epoch, LogEntry entry);

    /** Who lives, and has read how far. */
    CompletionStage<Quorum> quorum();

    /** The same in words, and more of it; for people, so seldom. Empty where there is no log. */
    CompletionStage<Optional<FleetView>> fleet();

    /**
     * Has these called, on any thread: seldom in vain, and not for certain.
     *
     * @param appended when there may be something new in the log
     * @param confirmed when a node has read on
     */
    void listen(Runnable appended, Runnable confirmed);
}
