package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The fetches in the air, by key: at most one for each that may still be followed, whichever loop leads it. */
@Shared
public final class Flights {
    private final Store store;
    private final ConcurrentMap<CacheKey, Flight> inTheAir = new ConcurrentHashMap<>();
    private final ConcurrentMap<CacheKey, Flight> resting = new ConcurrentHashMap<>(); // refreshes that have landed

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

    /** {@code flight} takes no more followers. */
    void over(CacheKey key, Flight flight) {
        inTheAir.remove(key, flight);
    }

    /** Finds out whether the caller is to fetch {@code key} behind a stale response; empty: somebody does, or just did. */
    Optional<Flight> refresh(CacheKey key, Loop loop) {
        return !resting.containsKey(key) && board(key, loop) instanceof Boarding.Lead(Flight flight)
                ? Optional.of(flight)
                : Optional.empty();
    }

    /** {@code flight}, a refresh, takes no more followers, and for {@code time} there is no other refresh. */
    void rest(CacheKey key, Flight flight, Loop loop, Duration time) {
        resting.put(key, flight);
        inTheAir.remove(key, flight);
        loop.schedule(time, () -> resting.remove(key, flight));
    }

    /** How many are in the air. */
    public int count() {
        return inTheAir.size();
    }
}
