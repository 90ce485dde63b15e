package io.larder.policy;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks through HTML, whatever the segments it lies in, for tokens in {@code <input>} tags. Confined to one thread.
 *
 * <p>It knows neither comments nor scripts nor other tags, so that no text of a page can hide a tag from it: each
 * {@code <input} is read from there on for itself, also where another reading takes it for a part of a value. Readings that
 * go on alike become one, so that there are never more than a few.
 */
final class InputScan {
    private static final String INPUT = "input";

    private final Set<String> tokens;
    private final List<InputTag> open = new ArrayList<>();
    private int opened = -1; // letters of the name behind the last '<'; -1: it is another

    /** @param tokens where they go */
    InputScan(Set<String> tokens) {
        this.tokens = tokens;
    }

    /** Looks through all of {@code page}; a tag that it breaks off in counts. */
    void through(Bytes page) {
        for (Bytes.Segment segment : page.segments()) {
            take(segment.array(), segment.offset(), segment.offset() + segment.length());
        }
        open.forEach(this::close);
        open.clear();
    }

    private void take(byte[] array, int from, int end) {
        for (int i = next(array, from, end); i < end; i = next(array, i + 1, end)) {
            int c = array[i] & 0xff;
            if (isTagBehind(c)) {
                begin();
            }
            open.removeIf(tag -> !goesOn(tag, c));
        }
    }

    /** The next octet that matters: outside of tags, that is what may begin one. */
    private int next(byte[] array, int from, int end) {
        int i = from;
        if (open.isEmpty() && opened < 0) {
            while (i < end && array[i] != '<') {
                i++;
            }
        }
        return i;
    }

    private boolean isTagBehind(int c) {
        if (c == '<') {
            opened = 0;
        } else if (opened == INPUT.length()) {
            opened = -1;
            return InputTag.isSpace(c) || c == '/';
        } else if (opened >= 0) {
            opened = (c | 0x20) == INPUT.charAt(opened) ? opened + 1 : -1;
        }
        return false;
    }

    /** A reading as markup, and one as a string in a script, unless others are about to read the same. */
    private void begin() {
        List<InputTag> all = new ArrayList<>(open);
        all.add(new InputTag(false));
        all.add(new InputTag(true));
        open.clear();
        all.forEach(this::add);
    }

    private void add(InputTag tag) {
        for (InputTag other : open) {
            if (other.goesOnLike(tag)) {
                other.absorb(tag);
                return;
            }
        }
        open.add(tag);
    }

    private boolean goesOn(InputTag tag, int c) {
        boolean more = tag.take(c);
        if (!more) {
            close(tag);
        }
        return more;
    }

    private void close(InputTag tag) {
        if (tokens.size() <= FormTokens.MOST) {
            tokens.addAll(tag.tokens());
        }
    }
}
