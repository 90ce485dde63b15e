package io.larder.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which content codings a request takes, and which it likes better (RFC 9110 §12.5.3). Codings that origins do not use on
 * the fly are left out: they make no difference to what comes back.
 */
final class AcceptEncoding {
    /** What the index of a coding that is none of the known ones is. */
    static final int UNKNOWN = -1;

    private static final List<String> CODINGS = List.of("identity", "gzip", "br", "zstd", "deflate", "compress");
    private static final int IDENTITY = 0;
    private static final int REFUSED = -1;
    private static final int LAST_RESORT = 0; // identity, where nothing is said of it: taken, but liked least

    private final int[] liking; // by coding; order counts, distance does not

    private AcceptEncoding(int[] liking) {
        this.liking = liking;
    }

    /**
     * Reads a field value.
     *
     * @param value null where the field is absent: any coding is acceptable then, but only identity is to everybody
     * @return null where it makes no sense
     */
    static @Nullable AcceptEncoding parse(@Nullable String value) {
        Map<String, Integer> weights = QualityList.parse(value == null ? "" : value);
        if (weights == null) {
            return null;
        }
        int[] liking = new int[CODINGS.size()];
        Integer star = weights.get("*");
        for (int i = 0; i < liking.length; i++) {
            Integer weight = weights.get(CODINGS.get(i));
            Integer alias = weights.get("x-" + CODINGS.get(i)); // RFC 9110 §8.4.1
            if (weight != null && alias != null && !weight.equals(alias)) {
                return null;
            }
            Integer said = weight != null ? weight : alias != null ? alias : star;
            liking[i] = said == null ? (i == IDENTITY ? LAST_RESORT : REFUSED) : said == 0 ? REFUSED : said;
        }
        return new AcceptEncoding(ranked(liking));
    }

    /** Of weights only the order counts: a client that writes 0.9 and 0.8 likes the same things as one that writes 1 and 0.5. */
    private static int[] ranked(int[] weights) {
        int[] order =
                Arrays.stream(weights).filter(w -> w > 0).sorted().distinct().toArray();
        return Arrays.stream(weights)
                .map(w -> w > 0 ? Arrays.binarySearch(order, w) + 1 : w)
                .toArray();
    }

    /** The index of what a response's {@code Content-Encoding} says; {@link #UNKNOWN} for several codings and rare ones. */
    static int coding(@Nullable String contentEncoding) {
        if (contentEncoding == null) {
            return IDENTITY;
        }
        String name = contentEncoding.strip().toLowerCase(Locale.ROOT);
        return CODINGS.indexOf(name.startsWith("x-") ? name.substring(2) : name);
    }

    /** The name of a coding by its index; null for {@link #UNKNOWN}. */
    static @Nullable String name(int coding) {
        return coding == UNKNOWN ? null : CODINGS.get(coding);
    }

    /**
     * Whether an origin that chose {@code coding} for this request would choose it for {@code other} too, whichever codings
     * it has: both take it, and {@code other} offers nothing beside it that this request did not offer, or liked less. Who
     * chooses among more chooses the same among less.
     */
    boolean settles(AcceptEncoding other, int coding) {
        if (coding == UNKNOWN || liking[coding] == REFUSED || other.liking[coding] == REFUSED) {
            return false;
        }
        for (int rest = 0; rest < liking.length; rest++) {
            boolean rival = rest != coding && other.liking[rest] != REFUSED;
            if (rival && (liking[rest] == REFUSED || other.lead(coding, rest) < lead(coding, rest))) {
                return false;
            }
        }
        return true;
    }

    private int lead(int coding, int rest) {
        return Integer.signum(liking[coding] - liking[rest]);
    }

    /** The same text for requests that negotiate alike. */
    @Override
    public String toString() {
        return Arrays.toString(liking);
    }
}
