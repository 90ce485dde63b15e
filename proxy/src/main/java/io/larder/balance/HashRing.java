package io.larder.balance;

import java.util.Arrays;

/**
 * Servers on a ring of hashes, each at many places in proportion to its weight. A value. A server's places follow from its own
 * address and weight alone, so that the others' stay where they are when it comes or goes.
 *
 * <p>The one exception is for size: where all weights add up to more than {@value #MOST} / {@value #PLACES}, there are fewer
 * places for each unit of weight, by powers of two; a change from one power to the next moves further keys.
 */
final class HashRing {
    /** For each unit of weight: the shares of equal servers then differ by a tenth or so. */
    static final int PLACES = 128;

    private static final int MOST = 1 << 18;
    private static final long OWNER = (1L << 20) - 1; // the low bits of a place name its server

    private final long[] places;
    private final long[] hashes;

    private HashRing(long[] places, long[] hashes) {
        this.places = places;
        this.hashes = hashes;
    }

    static HashRing of(Endpoint[] endpoints) {
        int coarser = coarser(endpoints);
        long[] hashes = new long[endpoints.length];
        long[] places = new long[(int) total(endpoints, coarser)];
        int at = 0;
        for (int i = 0; i < endpoints.length; i++) {
            hashes[i] = KeyHash.of(endpoints[i].address());
            long count = count(endpoints[i], coarser);
            for (long n = 0; n < count; n++) {
                places[at++] = (KeyHash.mix(hashes[i] + KeyHash.mix(n)) & ~OWNER) | i;
            }
        }
        Arrays.sort(places);
        return new HashRing(places, hashes);
    }

    private static int coarser(Endpoint[] endpoints) {
        int coarser = 0;
        while (coarser < Long.SIZE && total(endpoints, coarser) > Math.max(MOST, endpoints.length)) {
            coarser++;
        }
        return coarser;
    }

    private static long total(Endpoint[] endpoints, int coarser) {
        long total = 0;
        for (Endpoint endpoint : endpoints) {
            total += count(endpoint, coarser);
        }
        return total;
    }

    private static long count(Endpoint endpoint, int coarser) {
        return Math.max(1, ((long) PLACES * endpoint.weight()) >> coarser);
    }

    int size() {
        return places.length;
    }

    /** The first place at or after {@code hash}. */
    int find(long hash) {
        int found = Arrays.binarySearch(places, hash & ~OWNER);
        int at = found < 0 ? -found - 1 : found;
        return at == places.length ? 0 : at;
    }

    /** The place that follows. */
    int after(int place) {
        return place + 1 == places.length ? 0 : place + 1;
    }

    /** The server at a place, as an index into those that the ring was made of. */
    int owner(int place) {
        return (int) (places[place] & OWNER);
    }

    /** A number, from 0 up to 1, that a key and a server always have together. */
    double affinity(long key, int server) {
        return (KeyHash.mix(key ^ hashes[server]) >>> 11) * 0x1p-53;
    }
}
