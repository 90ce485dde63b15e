package io.larder.exchange;

import java.util.ArrayList;
import java.util.List;

/** Tells those who work for a client that it has left. Confined to the exchange's loop. */
public final class Departure {
    private final List<Runnable> listeners = new ArrayList<>(0);
    private boolean gone;

    public boolean isGone() {
        return gone;
    }

    /** Runs {@code listener} when the client leaves; at once if it has left already. */
    public void onGone(Runnable listener) {
        if (gone) {
            listener.run();
        } else {
            listeners.add(listener);
        }
    }

    /** Forgets a listener whose work is done. */
    public void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** The client has left; later calls do nothing. */
    public void announce() {
        if (!gone) {
            gone = true;
            List<Runnable> all = List.copyOf(listeners);
            listeners.clear();
            all.forEach(Runnable::run);
        }
    }
}
