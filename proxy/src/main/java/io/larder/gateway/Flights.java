package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.Stored;
import io.larder.store.Store;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fetches in the air: at most one that may still be followed for each key and variant, whichever loop leads it, and
 * the memory that their bodies may take until they are stored or delivered.
 */
@Shared
public final class Flights {
    private final Store store;
    private final SpoolMemory memory;
    private final ConcurrentMap<FlightKey, Flight> inTheAir = new ConcurrentHashMap<>();
    private final Set<FlightKey> resting = ConcurrentHashMap.newKeySet();
    private final AtomicLong turns = new AtomicLong();

    /** A quarter of what the store may take is for what is on its way to it. */
    public Flights(Store store) {
        this(store, store.stats().capacity() / 4);
    }

    /** @param memory the most heap, in bytes, that the bodies of all responses on their way may take together */
    public Flights(Store store, long memory) {
        this.store = store;
        this.memory = new SpoolMemory(memory);
    }

    /** What somebody who needs a key finds. */
    sealed interface Boarding {
        /** The caller fetches it, and says when it has landed and when it is over. */
        record Lead(Flight flight) implements Boarding {}

        /** It is on its way. */
        record Follow(Flight flight) implements Boarding {}
    }

    /** The next place in the order of requests and of flights: what was asked earlier has the lower one, on whichever loop. */
    long turn() {
        return turns.incrementAndGet();
    }

    /** Finds the flight of {@code key}; one that took off before a purge of the key is not followed any more. */
    Boarding board(FlightKey key, Loop loop) {
        Flight present = inTheAir.get(key);
        while (true) {
            if (present != null && store.isCurrent(key.key(), present.fence())) {
                return new Boarding.Follow(present);
            }
            if (present != null) {
                inTheAir.remove(key, present);
            }
            Flight fresh = new Flight(loop, store.fence(), turn());
            present = inTheAir.putIfAbsent(key, fresh);
            if (present == null) {
                fresh.known(key);
                return new Boarding.Lead(fresh);
            }
        }
    }

    /** The flight of {@code key} that may be followed now; null where there is none. */
    @Nullable
    Flight find(FlightKey key) {
        Flight present = inTheAir.get(key);
        return present != null && store.isCurrent(key.key(), present.fence()) ? present : null;
    }

    /**
     * {@code flight} has turned out to bring {@code key}, too: a key's {@code Vary} is only known when its head is there.
     * Called on the flight's loop.
     */
    void identify(FlightKey key, Flight flight) {
        if (!flight.isOver() && inTheAir.putIfAbsent(key, flight) == null) {
            flight.known(key);
        }
    }

    /** Does {@code what}; a bug in it must not leave behind a flight that never lands. Called on the flight's loop. */
    <T> T inCharge(Flight flight, Supplier<T> what) {
        try {
            return what.get();
        } catch (RuntimeException bug) {
            over(flight);
            flight.land(new Landing.Inconclusive());
            throw bug;
        }
    }

    /** {@code flight} takes no more followers. Called on its loop. */
    void over(Flight flight) {
        flight.over();
        flight.keys().forEach(key -> inTheAir.remove(key, flight));
    }

    /** Where the purges stand, for someone who boards. */
    Fence purges() {
        return store.fence();
    }

    /**
     * Whether what {@code flight} has brought had been purged, by a name that nobody knew before its head was there, when
     * somebody boarded it: he asked after the purge, the origin was asked before.
     *
     * @param boarded where the purges stood then
     */
    boolean wasPurged(FlightKey key, Stored head, Flight flight, Fence boarded) {
        return boarded.own().isAfter(flight.fence().own()) && !store.isCurrent(key.key(), head, flight.fence());
    }

    /**
     * Whether what {@code flight} brings may have been purged without this node's knowing before somebody asked.
     *
     * @param asked when he did, in the order that {@link #turn} gives
     */
    boolean isInDoubt(Flight flight, long asked) {
        return flight.tookOff() < asked && !store.isInStep();
    }

    /** {@code flight} is of no use to those who come for {@code key} from now on. */
    void close(FlightKey key, Flight flight) {
        inTheAir.remove(key, flight);
    }

    /** Sees to it that {@code key} is not refreshed again before {@link #wake}; who needs it at once may still fetch it. */
    void rest(FlightKey key) {
        resting.add(key);
    }

    void wake(FlightKey key) {
        resting.remove(key);
    }

    boolean isResting(FlightKey key) {
        return resting.contains(key);
    }

    SpoolMemory memory() {
        return memory;
    }

    /** How many are in the air. */
    public int count() {
        return inTheAir.size();
    }

    /** Heap bytes set aside for the bodies of responses that are on their way. */
    public long bytes() {
        return memory.taken();
    }

    /** The most that {@link #bytes} may be, apart from the chunks in hand. */
    public long capacity() {
        return memory.capacity();
    }
}
