package io.larder.coherence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node follows the log of purges: says what to ask the log next, and takes in what it answers. Knows no connection
 * and no clock. Confined to one thread.
 *
 * <p>Whatever the log says of itself, nothing is believed that a log which lost something could not say as well: when its
 * epoch is another one, when it has forgotten more than this node has read, or when it knows less than this node does,
 * purges may be missing, and the origin is asked about all that is stored.
 */
public final class Follower {
    /** What the node does with what the log says. */
    public interface Node {
        /** Purges may have been lost: see {@link Ledger#joining}. */
        void joins(LogState log);

        /** The log has brought a purge: see {@link Ledger#with(LogEntry, boolean)}. To be in force on return. */
        void learns(LogEntry entry);
    }

    /** A question to the log. Each is answered as of one moment. */
    public sealed interface Question {
        /**
         * Which log is there? One is begun where none is, or where it is not from the server that is asked.
         *
         * @param distrusted an epoch that has lost something: if it is that, another one is begun; 0 for none
         */
        record Join(long distrusted) implements Question {}

        /** What came after {@code cursor}? All up to there is in force here, and this node lives. */
        record Sync(AsOf cursor) implements Question {}
    }

    /** An answer to {@link Question.Sync}. */
    public sealed interface Answer {
        /** It is not, or no longer, that epoch's log. */
        record Strange() implements Answer {}

        /**
         * The first of the entries behind the cursor, in order.
         *
         * @param log at that moment
         */
        record Entries(LogState log, List<LogEntry> entries) implements Answer {
            public Entries {
                entries = List.copyOf(entries);
            }
        }
    }

    private static final AsOf NOWHERE = AsOf.NOTHING;

    private final Node node;
    private AsOf cursor = NOWHERE;
    private boolean joined;
    private long distrusted;
    private @Nullable Long currentAsOf;

    public Follower(Node node) {
        this.node = node;
    }

    /** What is to be asked next. */
    public Question next() {
        return joined ? new Question.Sync(cursor) : new Question.Join(distrusted);
    }

    /** The log has said which one it is. */
    public void joined(LogState log) {
        boolean known = cursor.epoch() == log.epoch();
        if (known && log.last() < cursor.position()) {
            distrusted = log.epoch();
            return;
        }
        if (!known || log.floor() > cursor.position()) {
            cursor = new AsOf(log.epoch(), log.floor());
            node.joins(log);
        }
        joined = true;
    }

    /**
     * The log has answered {@link Question.Sync}.
     *
     * @param askedAt when it was asked, on this node's clock that never jumps
     * @return whether there is more: ask on at once
     */
    public boolean synced(Answer answer, long askedAt) {
        return switch (answer) {
            case Answer.Strange strange -> leave();
            case Answer.Entries(LogState log, List<LogEntry> entries) ->
                continues(log) ? read(log, entries, askedAt) : leave();
        };
    }

    /** Whether the cursor stands where the log knows all that came after it. */
    private boolean continues(LogState log) {
        return log.floor() <= cursor.position() && cursor.position() <= log.last();
    }

    private boolean leave() {
        joined = false;
        return true;
    }

    private boolean distrust(LogState log) {
        distrusted = log.epoch();
        return leave();
    }

    private boolean read(LogState log, List<LogEntry> entries, long askedAt) {
        for (LogEntry entry : entries) {
            node.learns(entry);
            cursor = new AsOf(cursor.epoch(), entry.position());
        }
        if (cursor.position() < log.last()) {
            return !entries.isEmpty() || distrust(log); // else it knows of entries that it does not have
        }
        Long before = currentAsOf;
        currentAsOf = before == null ? askedAt : Math.max(before, askedAt);
        return !entries.isEmpty();
    }

    /** When this node last knew all that the log did; null before it ever has. */
    public @Nullable Long currentAsOf() {
        return currentAsOf;
    }
}
