package io.larder.store;

import io.larder.admission.Gcra;
import io.larder.balance.KeyHash;
import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The allowances of many clients in bounded memory, without a lock: each client has its place in one small set of slots, of
 * which each changes by one atomic step. A client whose allowance is whole is as good as one that has never come, so that
 * its slot is anybody's; where there is none such, the one gives way whose allowance is whole soonest, and is forgiven a little.
 *
 * <p>Clients are told by 64 bits. Two that come first at the same moment on two loops may both be counted from anew.
 */
@Shared
final class RateTable {
    private static final int WAYS = 8;
    private static final int SETS = 1 << 14; // 131 072 slots, 5 MB when all are taken

    private record Slot(long client, long whole) {}

    private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SETS * WAYS);

    Gcra.Decision take(long client, Gcra rate, long now) {
        int first = (int) (KeyHash.mix(client) & (SETS - 1)) * WAYS;
        while (true) {
            int at = place(first, client, now);
            Slot old = slots.get(at);
            boolean known = old != null && old.client == client;
            Gcra.Decision decision = rate.decide(known ? old.whole : now, now);
            boolean done = known && !decision.admitted(); // nothing changes
            if (done || slots.compareAndSet(at, old, new Slot(client, decision.whole()))) {
                return decision;
            }
        }
    }

    /** Where {@code client} is, or is to be. */
    private int place(int first, long client, long now) {
        int best = first;
        long soonest = Long.MAX_VALUE;
        for (int at = first; at < first + WAYS; at++) {
            Slot slot = slots.get(at);
            if (slot != null && slot.client == client) {
                return at;
            }
            long left = slot == null ? Long.MIN_VALUE : slot.whole - now;
            if (left < soonest) {
                soonest = left;
                best = at;
            }
        }
        return best;
    }

    /** How many slots are taken. */
    int size() {
        int taken = 0;
        for (int i = 0; i < slots.length(); i++) {
            taken += slots.get(i) == null ? 0 : 1;
        }
        return taken;
    }
}
