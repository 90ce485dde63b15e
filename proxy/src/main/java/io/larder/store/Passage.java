package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Ledger;
import io.larder.coherence.Quorum;
import io.larder.exchange.Shared;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of a purge of this node's through the log to all others. Changed on one thread; how far it has come may be read on
 * any.
 */
@Shared
final class Passage {
    /**
     * How far it has come.
     *
     * @param position in the log; null while it is in none
     * @param confirmed by which other nodes, and when, on this node's clock that never jumps
     * @param missing the other nodes that live, or may, and have not confirmed it
     * @param reason why it has not come to all, for people; null where it has
     */
    record Stage(
            @Nullable AsOf position,
            Map<String, Long> confirmed,
            List<String> missing,
            @Nullable String reason) {
        private static final Stage FIRST = new Stage(null, Map.of(), List.of(), "the log has not taken it yet");

        Stage {
            confirmed = Map.copyOf(confirmed);
            missing = List.copyOf(missing);
        }
    }

    private final String node;
    private final Ledger.Pending purge;
    private final CompletableFuture<Stage> complete = new CompletableFuture<>();
    private volatile Stage stage = Stage.FIRST;

    /** @param node this one, where it is in force already */
    Passage(String node, Ledger.Pending purge) {
        this.node = node;
        this.purge = purge;
    }

    Ledger.Pending purge() {
        return purge;
    }

    long ticket() {
        return purge.ticket();
    }

    Stage stage() {
        return stage;
    }

    /** Completes when it has come to all nodes. */
    CompletionStage<Stage> complete() {
        return complete;
    }

    /** It stands there in the log, be it for the first time or in another log than before. */
    void placed(AsOf position) {
        stage = new Stage(position, stage.confirmed, List.of(), "no node has said yet that it has read it");
    }

    /** Whether it stands in that log. */
    boolean isIn(long epoch) {
        AsOf known = stage.position;
        return known != null && known.epoch() == epoch;
    }

    /**
     * Takes in who has read how far.
     *
     * @return whether it has come to all nodes
     */
    boolean sees(Quorum quorum, long now) {
        AsOf known = stage.position;
        if (known == null || quorum.epoch() != known.epoch()) {
            return false;
        }
        Map<String, Long> confirmed = new TreeMap<>(stage.confirmed);
        quorum.cursors().forEach((name, cursor) -> {
            if (cursor >= known.position() && !name.equals(node)) {
                confirmed.putIfAbsent(name, now);
            }
        });
        if (quorum.isComplete(known)) {
            stage = new Stage(known, confirmed, List.of(), null);
            return complete.complete(stage);
        }
        List<String> missing = quorum.missing(known.position()).stream()
                .filter(name -> !name.equals(node))
                .toList();
        confirmed.keySet().removeAll(missing); // who had confirmed it in the log before
        stage = new Stage(known, confirmed, missing, why(quorum, missing));
        return false;
    }

    private static String why(Quorum quorum, List<String> missing) {
        if (!quorum.isSettled()) {
            return "the log is new: nodes that are not known yet may live for another "
                    + quorum.unsettled().plusMillis(999).toSeconds() + " s";
        }
        return switch (missing.size()) {
            case 0 -> "this node has not read it in the log yet";
            case 1 -> "one node has not confirmed it";
            default -> missing.size() + " nodes have not confirmed it";
        };
    }
}
