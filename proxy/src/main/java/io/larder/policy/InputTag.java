package io.larder.policy;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One reading of an {@code <input>} tag, octet by octet from behind its name, as a browser reads it (WHATWG HTML §13.2.5.32 to
 * §13.2.5.40). Of attributes that come twice it believes both. Confined to one thread.
 */
final class InputTag {
    private static final int LONGEST_ATTRIBUTE = 8; // characters that are kept: what is longer is none that counts
    private static final int LONGEST_VALUE = DjangoToken.MASKED + 2;

    private enum Place {
        BEFORE_ATTRIBUTE,
        ATTRIBUTE,
        AFTER_ATTRIBUTE,
        BEFORE_VALUE,
        VALUE,
        OVER
    }

    private final boolean escaped;
    private Place place = Place.BEFORE_ATTRIBUTE;
    private int quote; // around the value; 0: none
    private final StringBuilder attribute = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private boolean named;
    private final Set<String> tokens = new LinkedHashSet<>();

    /** @param escaped whether backslashes count for nothing, as where a script holds the tag in a string */
    InputTag(boolean escaped) {
        this.escaped = escaped;
    }

    /** Takes the next octet; answers whether the tag goes on. */
    boolean take(int c) {
        if (!escaped || c != '\\') {
            switch (place) {
                case BEFORE_ATTRIBUTE -> beforeAttribute(c);
                case ATTRIBUTE -> inAttribute(c);
                case AFTER_ATTRIBUTE -> afterAttribute(c);
                case BEFORE_VALUE -> beforeValue(c);
                case VALUE -> inValue(c);
                case OVER -> {}
            }
        }
        return place != Place.OVER;
    }

    /** What it has of values that may be tokens, if it has the name of a field with one. */
    Set<String> tokens() {
        return named ? tokens : Set.of();
    }

    /** Whether both will read whatever comes alike. */
    boolean goesOnLike(InputTag other) {
        return escaped == other.escaped
                && place == other.place
                && quote == other.quote
                && attribute.compareTo(other.attribute) == 0
                && value.compareTo(other.value) == 0;
    }

    /** Believes also what {@code other} has read. */
    void absorb(InputTag other) {
        named |= other.named;
        other.tokens.forEach(this::add);
    }

    private void beforeAttribute(int c) {
        if (c == '>') {
            place = Place.OVER;
        } else if (!isSpace(c) && c != '/') {
            place = Place.ATTRIBUTE;
            attribute.setLength(0);
            append(attribute, LONGEST_ATTRIBUTE, lower(c)); // even an equals sign
        }
    }

    private void inAttribute(int c) {
        if (isSpace(c)) {
            place = Place.AFTER_ATTRIBUTE;
        } else if (c == '=' || c == '>' || c == '/') {
            afterAttribute(c);
        } else {
            append(attribute, LONGEST_ATTRIBUTE, lower(c));
        }
    }

    private void afterAttribute(int c) {
        if (c == '=') {
            place = Place.BEFORE_VALUE;
        } else if (!isSpace(c)) {
            place = Place.BEFORE_ATTRIBUTE;
            beforeAttribute(c);
        }
    }

    private void beforeValue(int c) {
        if (c == '>') {
            place = Place.OVER;
        } else if (!isSpace(c)) {
            place = Place.VALUE;
            value.setLength(0);
            quote = c == '"' || c == '\'' ? c : 0;
            if (quote == 0) {
                inValue(c);
            }
        }
    }

    private void inValue(int c) {
        boolean ends = quote == 0 ? isSpace(c) || c == '>' : c == quote;
        if (!ends) {
            append(value, LONGEST_VALUE, c);
            return;
        }
        judge();
        value.setLength(0);
        place = c == '>' && quote == 0 ? Place.OVER : Place.BEFORE_ATTRIBUTE;
        quote = 0;
    }

    private void judge() {
        int last = value.length() - 1;
        if (quote == 0 && value.charAt(last) == '/') {
            value.setLength(last); // it was meant to end the tag
        }
        String said = value.toString();
        switch (attribute.toString()) {
            case "name" -> named |= said.equalsIgnoreCase(FormTokens.FIELD);
            case "value" -> add(said);
            default -> {} // says nothing of a token
        }
    }

    /** One more than a page may have is enough to refuse it. */
    private void add(String token) {
        if (DjangoToken.isSecret(token) && tokens.size() <= FormTokens.MOST) {
            tokens.add(token);
        }
    }

    private static void append(StringBuilder to, int longest, int c) {
        if (to.length() < longest) {
            to.append((char) c);
        }
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** A space of HTML's. */
    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }
}
