package io.larder.testing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Field values as clients and origins write them, well or badly: words of a grammar put together by its rules, and then
 * bent. The same in every run; {@code -Dlarder.fuzz=10000000} makes it talk longer. Confined to one thread.
 */
public final class Speech {
    /** What the shares are of: each property is tried with so many thousandths of it. */
    private static final long INPUTS = Long.getLong("larder.fuzz", 30_000);

    private static final String ODD =
            "\",;=\\ \t-*/:?@()[]<>{}%+&#.'0919azAZ\u0000\u0001\u007f\u0080\u00a0\u00e9\u00ff";

    private final SplittableRandom random;

    private Speech(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /**
     * Tries {@code property} with its share of the inputs.
     *
     * @param share of {@code larder.fuzz}, in per mille
     * @param seed of this property alone, so that another one before it changes nothing
     */
    public static void tryOut(int share, long seed, Consumer<Speech> property) {
        for (long i = 0, count = INPUTS * share / 1000; i < count; i++) {
            Speech speech = new Speech(seed * 1_000_000_007L + i);
            try {
                property.accept(speech);
            } catch (RuntimeException thrown) {
                throw new AssertionError("input " + i + " of seed " + seed, thrown);
            }
        }
    }

    /** Fails, with what {@code input} tells, unless it holds. */
    public static void holds(boolean truth, Supplier<String> input) {
        if (!truth) {
            throw new AssertionError(input.get());
        }
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code n} times. */
    public boolean once(int n) {
        return random.nextInt(n) == 0;
    }

    public long number() {
        return random.nextLong() >>> random.nextInt(1, 64);
    }

    @SafeVarargs
    public final <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    public <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** {@code text} with the letters of ASCII in some case. */
    public String anyCase(String text) {
        StringBuilder bent = new StringBuilder(text);
        for (int i = 0; i < bent.length(); i++) {
            char c = bent.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            bent.setCharAt(i, letter && once(2) ? (char) (c ^ 0x20) : c);
        }
        return bent.toString();
    }

    /** Optional white space (RFC 9110 §5.6.3). */
    public String ows() {
        return one("", "", "", " ", "  ", "\t", " \t");
    }

    /** {@code members} as a list (RFC 9110 §5.6.1.2): white space and empty members between them. */
    public String list(List<String> members) {
        StringBuilder list = new StringBuilder();
        for (String member : members) {
            list.append(list.isEmpty() ? "" : ows() + ",").append(ows());
            list.append(once(10) ? "," + ows() : "").append(member);
        }
        return list.append(once(10) ? ows() + "," : "").toString();
    }

    /** A quoted string that contains {@code text}. */
    public String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted.append(c == '"' || c == '\\' || once(20) ? "\\" : "").append(c);
        }
        return quoted.append('"').toString();
    }

    /** {@code text} with up to three things wrong with it, or none. */
    public String bent(String text) {
        StringBuilder bent = new StringBuilder(text);
        for (int n = below(4); n > 0; n--) {
            bend(bent);
        }
        return bent.toString();
    }

    /** {@code value} without what no parser of heads lets through. */
    public static String sendable(String value) {
        return value.replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f]", "").strip();
    }

    private void bend(StringBuilder text) {
        int at = below(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + below(6));
        switch (below(6)) {
            case 0 -> text.insert(at, odd());
            case 1 -> text.delete(at, end);
            case 2 -> text.insert(at, text.substring(at, end));
            case 3 -> text.setLength(at);
            case 4 -> text.replace(at, end, anyCase(text.substring(at, end)));
            default -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(odd()));
        }
    }

    private char odd() {
        return once(4) ? (char) below(256) : ODD.charAt(below(ODD.length()));
    }
}
