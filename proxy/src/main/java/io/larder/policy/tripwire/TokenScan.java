package io.larder.policy.tripwire;

import io.larder.http.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Looks through HTML, whatever the chunks it comes in, for {@code <input>} and {@code <meta>} elements that carry a
 * visitor's token: a name of {@link TokenNames} and a {@code value} or {@code content} that is not empty, in any order
 * and quoting. Confined to one thread.
 *
 * <p>It knows neither comments nor scripts: a token in a template inside a script is a token too. Every {@code <input} or
 * {@code <meta} begins an element anew, even inside what looks like a quoted value, so that a stray quote hides nothing
 * for long; a backslash counts for nothing, so that quotes escaped for a script are quotes.
 */
final class TokenScan {
    private static final long INPUT = word("input");
    private static final long META = word("meta");
    private static final long NAME = word("name");
    private static final long VALUE = word("value");
    private static final long CONTENT = word("content");
    private static final int LONGEST_NAME = 64;

    private enum Place {
        TEXT,
        BEFORE_ATTRIBUTE,
        ATTRIBUTE,
        AFTER_ATTRIBUTE,
        BEFORE_VALUE,
        VALUE
    }

    private Place place = Place.TEXT;
    private int opened = -1; // letters since the last '<'; -1: none
    private long word; // these letters
    private int quote; // around the value; 0: none
    private long attribute; // the letters of its name, the last eight
    private int letters; // how many it has
    private final StringBuilder name = new StringBuilder(); // what the element is called
    private boolean filled; // whether it has a value
    private @Nullable Find found;

    /** Takes the next octets; answers whether a token has been found. */
    boolean take(Bytes.Segment chunk) {
        byte[] array = chunk.array();
        int end = chunk.offset() + chunk.length();
        for (int i = next(array, chunk.offset(), end); i < end && found == null; i = next(array, i + 1, end)) {
            octet(array[i] & 0xff);
        }
        return found != null;
    }

    /** The next octet that matters: outside an element, that is what may begin one. */
    private int next(byte[] array, int from, int end) {
        int i = from;
        if (place == Place.TEXT && opened < 0) {
            while (i < end && array[i] != '<') {
                i++;
            }
        }
        return i;
    }

    /** The first one found, or null. */
    @Nullable
    Find found() {
        return found;
    }

    private void octet(int c) {
        if (c == '<') {
            opened = 0;
            word = 0;
        } else if (opened >= 0 && opens(c)) {
            begin();
        }
        if (place != Place.TEXT && c != '\\') {
            inside(c);
        }
    }

    /** Whether {@code c} ends the name of an element to be looked into. */
    private boolean opens(int c) {
        int letter = lower(c);
        if (letter >= 'a' && letter <= 'z' && opened < 5) {
            opened++;
            word = word << 8 | letter;
            return false;
        }
        opened = -1;
        return (word == INPUT || word == META) && (isSpace(c) || c == '/');
    }

    private void begin() {
        place = Place.BEFORE_ATTRIBUTE;
        name.setLength(0);
        filled = false;
    }

    private void inside(int c) {
        switch (place) {
            case TEXT -> {}
            case BEFORE_ATTRIBUTE -> beforeAttribute(c);
            case ATTRIBUTE, AFTER_ATTRIBUTE -> inAttribute(c);
            case BEFORE_VALUE -> beforeValue(c);
            case VALUE -> inValue(c);
        }
    }

    private void beforeAttribute(int c) {
        if (c == '>') {
            place = Place.TEXT;
        } else if (!isSpace(c) && c != '/') {
            place = Place.ATTRIBUTE;
            attribute = 0;
            letters = 0;
            spell(c);
        }
    }

    private void inAttribute(int c) {
        if (c == '=') {
            place = Place.BEFORE_VALUE;
        } else if (c == '>') {
            place = Place.TEXT;
        } else if (isSpace(c) || c == '/') {
            place = Place.AFTER_ATTRIBUTE;
        } else if (place == Place.AFTER_ATTRIBUTE) {
            beforeAttribute(c);
        } else {
            spell(c);
        }
    }

    private void beforeValue(int c) {
        if (c == '>') {
            place = Place.TEXT;
        } else if (!isSpace(c)) {
            place = Place.VALUE;
            quote = c == '"' || c == '\'' ? c : 0;
            if (isName()) {
                name.setLength(0);
            }
            if (quote == 0) {
                inValue(c);
            }
        }
    }

    private void inValue(int c) {
        boolean ends = quote == 0 ? isSpace(c) || c == '>' : c == quote;
        if (!ends) {
            value(c);
            return;
        }
        place = c == '>' && quote == 0 ? Place.TEXT : Place.BEFORE_ATTRIBUTE;
        if (isName()) {
            judge();
        }
    }

    private void value(int c) {
        if (isName()) {
            append(name, c);
        } else if (!filled && !isSpace(c) && isContent()) {
            filled = true;
            judge();
        }
    }

    private void judge() {
        String said = name.toString();
        if (filled && TokenNames.include(said)) {
            found = new Find(Find.Sign.TOKEN, said);
        }
    }

    private boolean isName() {
        return attribute == NAME && letters == 4;
    }

    private boolean isContent() {
        return (attribute == VALUE && letters == 5) || (attribute == CONTENT && letters == 7);
    }

    private void spell(int c) {
        attribute = attribute << 8 | lower(c);
        letters++;
    }

    private static void append(StringBuilder to, int c) {
        if (to.length() < LONGEST_NAME) {
            to.append((char) lower(c));
        }
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static long word(String letters) {
        long word = 0;
        for (int i = 0; i < letters.length(); i++) {
            word = word << 8 | letters.charAt(i);
        }
        return word;
    }
}
