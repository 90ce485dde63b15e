package io.larder.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which octets of a representation a {@code Range} field asks for (RFC 9110 §14.1.1, §14.2). */
public final class RangeSet {
    /**
     * How many ranges a request may ask for at once. Each costs a part with a head of its own: a server may ignore sets
     * that only serve to make it work (RFC 9110 §14.2).
     */
    public static final int MOST = 32;

    private static final String UNIT = "bytes=";

    /** One member; a {@code first} of -1 asks for the {@code last} octets there are. */
    private record Spec(long first, long last) {
        boolean isSuffix() {
            return first < 0;
        }
    }

    /** A range, and which member of the set asked for it first. */
    private record Placed(ByteRange range, int place) {}

    private final List<Spec> specs;

    private RangeSet(List<Spec> specs) {
        this.specs = specs;
    }

    /**
     * What a request asks for; empty where it does not, or not in a way that must be understood: other units, sets that
     * break the grammar or are too long, repeated fields.
     */
    public static Optional<RangeSet> of(Headers request) {
        String value = request.combined(Fields.RANGE);
        return value == null ? Optional.empty() : parse(value);
    }

    /** The set that one field value stands for. */
    public static Optional<RangeSet> parse(String value) {
        if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length())) { // units in any case (§14.1)
            return Optional.empty();
        }
        List<String> members = FieldList.members(value.substring(UNIT.length()));
        if (members.isEmpty() || members.size() > MOST) {
            return Optional.empty();
        }
        List<Spec> specs = new ArrayList<>(members.size());
        for (String member : members) {
            Optional<Spec> spec = spec(member);
            if (spec.isEmpty()) {
                return Optional.empty(); // one that is wrong spoils the set (§14.2)
            }
            specs.add(spec.get());
        }
        return Optional.of(new RangeSet(List.copyOf(specs)));
    }

    private static Optional<Spec> spec(String member) {
        int dash = member.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        boolean open = dash + 1 == member.length();
        long first = dash == 0 ? -1 : Digits.parse(member, 0, dash);
        long last = open ? Digits.MOST : Digits.parse(member, dash + 1, member.length());
        boolean sound = dash == 0 ? !open && last >= 0 : first >= 0 && last >= first;
        return sound ? Optional.of(new Spec(first, last)) : Optional.empty();
    }

    /** How many ranges it asks for. */
    public int size() {
        return specs.size();
    }

    /**
     * The ranges of a representation with {@code length} octets: those that it has, in the order they were asked for, with
     * those joined that overlap or adjoin, so that no octet is ever sent twice (RFC 9110 §14.2, §15.3.7.2).
     */
    public List<ByteRange> in(long length) {
        List<Placed> found = new ArrayList<>(specs.size());
        for (Spec spec : specs) {
            long first = spec.isSuffix() ? Math.max(0, length - spec.last()) : spec.first();
            if (first < length) {
                long last = spec.isSuffix() ? length - 1 : Math.min(spec.last(), length - 1);
                found.add(new Placed(new ByteRange(first, last), found.size()));
            }
        }
        return found.size() < 2 ? found.stream().map(Placed::range).toList() : joined(found);
    }

    private static List<ByteRange> joined(List<Placed> found) {
        found.sort(Comparator.comparingLong(placed -> placed.range().first()));
        List<Placed> apart = new ArrayList<>(found.size());
        for (Placed next : found) {
            Placed before = apart.isEmpty() ? null : apart.get(apart.size() - 1);
            if (before == null || !before.range().touches(next.range())) {
                apart.add(next);
            } else {
                int place = Math.min(before.place(), next.place());
                apart.set(apart.size() - 1, new Placed(before.range().spanning(next.range()), place));
            }
        }
        apart.sort(Comparator.comparingInt(Placed::place));
        return apart.stream().map(Placed::range).toList();
    }

    /**
     * Whether a representation with {@code length} octets has any of what is asked for (RFC 9110 §14.1.2). Of an empty one
     * that is its end, all of it, which no range can express.
     */
    public boolean isSatisfiable(long length) {
        return specs.stream().anyMatch(spec -> spec.isSuffix() ? spec.last() > 0 : spec.first() < length);
    }
}
