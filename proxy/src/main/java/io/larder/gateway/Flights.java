package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.store.Store;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The fetches in the air, by key: at most one for each that may still be followed, whichever loop leads it. */
@Shared
public final class Flights {
    private final Store store;
    private final ConcurrentMap<CacheKey, Flight> inTheAir = new ConcurrentHashMap<>();
    private final Set<CacheKey> resting = ConcurrentHashMap.newKeySet();

    public Flights(Store store) {
        this.store = store;
    }

    /** What somebody who needs a key finds. */
    sealed interface Boarding {
        /** The caller fetches it, and says when it has landed and when it is over. */
        record Lead(Flight flight) implements Boarding {}

        /** It is on its way. */
        record Follow(Flight flight) implements Boarding {}
    }

    /** Finds the flight of {@code key}; one that took off before a purge of the key is not followed any more. */
    Boarding board(CacheKey key, Loop loop) {
        Flight fresh = new Flight(loop, store.fence());
        while (true) {
            Flight present = inTheAir.putIfAbsent(key, fresh);
            if (present == null) {
                return new Boarding.Lead(fresh);
            }
            if (store.isCurrent(key, present.fence())) {
                return new Boarding.Follow(present);
            }
            inTheAir.remove(key, present);
        }
    }

    /** The flight of {@code key} that may be followed now; null where there is none. */
    @Nullable
    Flight find(CacheKey key) {
        Flight present = inTheAir.get(key);
        return present != null && store.isCurrent(key, present.fence()) ? present : null;
    }

    /** {@code flight} takes no more followers. */
    void over(CacheKey key, Flight flight) {
        inTheAir.remove(key, flight);
    }

    /** Sees to it that {@code key} is not refreshed again before {@link #wake}; who needs it at once may still fetch it. */
    void rest(CacheKey key) {
        resting.add(key);
    }

    void wake(CacheKey key) {
        resting.remove(key);
    }

    boolean isResting(CacheKey key) {
        return resting.contains(key);
    }

    /** How many are in the air. */
    public int count() {
        return inTheAir.size();
    }
}
