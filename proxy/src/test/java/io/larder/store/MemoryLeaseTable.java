package io.larder.store;

import io.larder.exchange.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Leases in this heap, by the clock of a test; each node has a line to them of its own, which can be cut. */
final class MemoryLeaseTable {
    private record Row(String text, long until) {}

    private final ManualLoop clock;
    private final Map<String, Row> rows = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();

    MemoryLeaseTable(ManualLoop clock) {
        this.clock = clock;
    }

    Line line() {
        Line line = new Line();
        lines.add(line);
        return line;
    }

    private @Nullable Row row(String lease) {
        Row row = rows.get(lease);
        return row == null || row.until <= clock.nanos() ? null : row;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    /** As one node sees it. */
    final class Line implements LeaseTable {
        boolean asked = true;
        boolean reachable = true;
        boolean deaf;
        int calls;
        private final List<Consumer<Landed>> listeners = new ArrayList<>();

        private <T> CompletionStage<T> answer(Supplier<T> value) {
            calls++;
            return reachable
                    ? CompletableFuture.completedFuture(value.get())
                    : CompletableFuture.failedFuture(new IllegalStateException("out of reach"));
        }

        @Override
        public boolean isAsked() {
            return asked;
        }

        @Override
        public CompletionStage<Optional<Held>> claim(Bid bid, Duration life, String outdated) {
            return answer(() -> {
                Row held = row(bid.lease());
                if (held != null && !held.text.equals(outdated)) {
                    return Optional.of(new Held(held.text, millis(held.until - clock.nanos())));
                }
                rows.put(bid.lease(), new Row(bid.text(), clock.nanos() + life.toNanos()));
                return Optional.empty();
            });
        }

        @Override
        public CompletionStage<Boolean> renew(Bid bid, Duration life) {
            return answer(() -> {
                Row held = row(bid.lease());
                boolean there = held != null && held.text.equals(bid.text());
                if (there) {
                    rows.put(bid.lease(), new Row(bid.text(), clock.nanos() + life.toNanos()));
                }
                return there;
            });
        }

        @Override
        public void release(Bid bid, Leases.Outcome outcome) {
            answer(() -> {
                Row held = row(bid.lease());
                if (held != null && held.text.equals(bid.text())) {
                    rows.remove(bid.lease());
                    Landed landed = Landed.read(new Landed(bid.lease(), outcome).written());
                    lines.stream()
                            .filter(line -> line.reachable && !line.deaf)
                            .flatMap(line -> line.listeners.stream())
                            .forEach(listener -> listener.accept(landed));
                }
                return true;
            });
        }

        @Override
        public CompletionStage<Long> left(String lease) {
            return answer(() -> {
                Row held = row(lease);
                return held == null ? -2 : millis(held.until - clock.nanos());
            });
        }

        @Override
        public void listen(Consumer<Landed> listener) {
            listeners.add(listener);
        }
    }
}
