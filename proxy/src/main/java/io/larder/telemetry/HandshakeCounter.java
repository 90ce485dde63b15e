package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** How many TLS handshakes on one listener ended in one way. One thread counts, any thread reads (see {@link Histogram}). */
@Shared
final class HandshakeCounter implements Cells.Cell {
    private final String listener;
    private final boolean stands;
    private final String word;
    private final AtomicLong count = new AtomicLong();

    /**
     * A counter at 0.
     *
     * @param word the version where TLS {@code stands}, else why it does not
     */
    HandshakeCounter(String listener, boolean stands, String word) {
        this.listener = listener;
        this.stands = stands;
        this.word = word;
    }

    static int hash(String listener, String word) {
        return listener.hashCode() * 31 + word.hashCode();
    }

    boolean counts(String otherListener, boolean otherStands, String otherWord) {
        return stands == otherStands && word.equals(otherWord) && listener.equals(otherListener);
    }

    void increment() {
        count.setOpaque(count.getPlain() + 1);
    }

    @Override
    public int hash() {
        return hash(listener, word);
    }

    String listener() {
        return listener;
    }

    boolean stands() {
        return stands;
    }

    String word() {
        return word;
    }

    long count() {
        return count.getOpaque();
    }
}
