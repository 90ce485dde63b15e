package io.larder.exchange;

import java.util.ArrayList;
import java.util.List;

/** Tells those who work for a client that it has left. Confined to the exchange's loop. */
public final class Departure {
    private List<Runnable> listeners = List.of(); // of its own once somebody listens: to most requests nobody does
    private boolean gone;

    public boolean isGone() {
        return gone;
    }

    /** Runs {@code listener} when the client leaves; at once if it has left already. */
    public void onGone(Runnable listener) {
        if (gone) {
            listener.run();
        } else {
            if (listeners.isEmpty()) {
                listeners = new ArrayList<>(2);
            }
            listeners.add(listener);
        }
    }

    /** Forgets a listener whose work is done. */
    public void forget(Runnable listener) {
        if (!listeners.isEmpty()) {
            listeners.remove(listener);
        }
    }

    /** The client has left; later calls do nothing. */
    public void announce() {
        if (!gone) {
            gone = true;
            List<Runnable> all = List.copyOf(listeners);
            listeners = List.of();
            all.forEach(Runnable::run);
        }
    }
}
