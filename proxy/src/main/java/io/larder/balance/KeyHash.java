package io.larder.balance;

/**
 * A 64-bit hash of text, the same on every machine and in every release, so that all nodes agree on it: the rounds of XXH64
 * (Collet 2012), on four characters at a time. All bits of it are equally good.
 *
 * <p>It holds no secret. Who wants to can find keys that meet at one server; what keeps that server alive are bounded loads,
 * not this hash.
 */
public final class KeyHash {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private KeyHash() {}

    /** The hash of these parts, in this order; where one ends and the next begins counts. */
    public static long of(CharSequence... parts) {
        long hash = P5;
        for (CharSequence part : parts) {
            hash = round(absorb(hash, part), part.length());
        }
        return mix(hash);
    }

    private static long absorb(long hash, CharSequence part) {
        long state = hash;
        long word = 0;
        for (int i = 0; i < part.length(); i++) {
            word = word << 16 | part.charAt(i);
            if ((i & 3) == 3) {
                state = round(state, word);
                word = 0;
            }
        }
        return (part.length() & 3) == 0 ? state : round(state, word);
    }

    private static long round(long hash, long word) {
        return Long.rotateLeft(hash ^ Long.rotateLeft(word * P2, 31) * P1, 27) * P1 + P4;
    }

    /** Spreads a number over all 64 bits; different numbers stay different. */
    public static long mix(long number) {
        long mixed = (number ^ number >>> 33) * P2;
        mixed = (mixed ^ mixed >>> 29) * P3;
        return mixed ^ mixed >>> 32;
    }
}
