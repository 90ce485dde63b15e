package io.larder.fragment;

import io.larder.http.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds ESI's tags in a page that comes in pieces of any size: each octet is looked at once, and what is no tag is handed on
 * as slices of what came in. Confined to one thread.
 */
final class TagScanner {
    /** What is found, in the order of the page. */
    interface Sink {
        /** What is no business of ESI's. */
        void text(Bytes octets);

        /** A tag, or what begins and ends like one. */
        void tag(Bytes raw);

        /** {@code <!--esi}, outside of such a comment. */
        void commentOpens(Bytes raw);

        /** {@code -->}, of such a comment. */
        void commentCloses(Bytes raw);
    }

    private static final List<byte[]> MARKS =
            List.of(octets("<esi:"), octets("</esi:"), octets("<!--esi"), octets("-->"));
    private static final int COMMENT_OPENS = 2;
    private static final int COMMENT_CLOSES = 3;

    private enum State {
        TEXT,
        /** What came last begins like a mark. */
        MARK,
        /** Within a tag. */
        TAG
    }

    private final Sink sink;
    private final int longest;
    private final ByteArrayOutputStream carried =
            new ByteArrayOutputStream(); // of a mark or tag, from before this piece
    private State state = State.TEXT;
    private boolean inComment;
    private int possible; // which marks it may become, a bit each
    private int length; // of the mark or tag so far
    private byte quote; // that is open within a tag; 0 for none
    private byte before; // the last octet of the tag that was no space

    // of the piece at hand
    private byte[] array = {};
    private int from;
    private int text; // where the text begins that is not handed on yet
    private int mark; // where the mark or tag begins, if in this piece

    /** @param longest octets of a tag; what is longer is none */
    TagScanner(Sink sink, int longest) {
        this.sink = sink;
        this.longest = longest;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes in more of the page. */
    void feed(Bytes page) {
        for (Bytes.Segment segment : page.segments()) {
            feed(segment.array(), segment.offset(), segment.offset() + segment.length());
        }
    }

    private void feed(byte[] piece, int start, int end) {
        array = piece;
        from = start;
        text = start;
        mark = start;
        int at = start;
        while (at < end) {
            at = switch (state) {
                case TEXT -> skip(at, end);
                case MARK -> extend(at);
                case TAG -> within(at);
            };
        }
        if (state == State.TEXT) {
            handOn(end);
        } else {
            handOn(mark);
            carried.write(piece, mark, end - mark);
        }
        array = new byte[0];
    }

    /** The page is over. */
    void finish() {
        handOnCarried();
        state = State.TEXT;
    }

    private int skip(int at, int end) {
        int i = at;
        while (i < end && array[i] != '<' && !(inComment && array[i] == '-')) {
            i++;
        }
        if (i < end) {
            state = State.MARK;
            mark = i;
            length = 0;
            possible = (1 << MARKS.size()) - 1;
        }
        return i;
    }

    private int extend(int at) {
        byte next = array[at];
        int left = 0;
        for (int i = 0; i < MARKS.size(); i++) {
            byte[] known = MARKS.get(i);
            if ((possible & 1 << i) != 0 && isLookedFor(i) && known[length] == next) {
                left |= 1 << i;
            }
        }
        if (left == 0) {
            return isDashes(next) ? shift(at) : refuse(at);
        }
        possible = left;
        length++;
        int found = Integer.numberOfTrailingZeros(left);
        if (length == MARKS.get(found).length) {
            complete(found, at + 1);
        }
        return at + 1;
    }

    /** Such a comment holds no other, and only what is open is closed. */
    private boolean isLookedFor(int which) {
        return which == COMMENT_OPENS ? !inComment : which != COMMENT_CLOSES || inComment;
    }

    private void complete(int which, int end) {
        switch (which) {
            case COMMENT_OPENS -> {
                inComment = true;
                sink.commentOpens(taken(end));
            }
            case COMMENT_CLOSES -> {
                inComment = false;
                sink.commentCloses(taken(end));
            }
            default -> {
                state = State.TAG;
                quote = 0;
                before = ':';
            }
        }
    }

    private boolean isDashes(byte next) {
        return next == '-' && length == 2 && inComment && possible == 1 << COMMENT_CLOSES;
    }

    /** Of three dashes the last two may begin the end of a comment. */
    private int shift(int at) {
        int earlier = carried.size();
        if (earlier == 0) {
            mark++;
        } else {
            byte[] dash = {'-'};
            handOn(mark);
            sink.text(Bytes.of(dash));
            carried.reset();
            carried.write(dash, 0, earlier - 1);
        }
        return at + 1;
    }

    /** It is none: what came is text, and the octet at hand may begin another. */
    private int refuse(int at) {
        handOnCarried();
        state = State.TEXT;
        return at;
    }

    private int within(int at) {
        byte next = array[at];
        length++;
        if (quote != 0) {
            quote = next == quote ? 0 : quote;
        } else if (next == '>') {
            sink.tag(taken(at + 1));
            return at + 1;
        } else if ((next == '"' || next == '\'') && before == '=') {
            quote = next;
        }
        if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
            before = next;
        }
        if (length >= longest) {
            handOnCarried();
            state = State.TEXT;
        }
        return at + 1;
    }

    /** The mark or tag that ends before {@code end}; what was text before it has been handed on. */
    private Bytes taken(int end) {
        Bytes here = Bytes.of(array, mark, end - mark);
        Bytes whole = here;
        if (carried.size() > 0) {
            carried.write(array, mark, end - mark);
            whole = Bytes.of(carried.toByteArray());
            carried.reset();
        } else {
            handOn(mark);
        }
        text = end;
        state = State.TEXT;
        return whole;
    }

    private void handOnCarried() {
        if (carried.size() > 0) {
            sink.text(Bytes.of(carried.toByteArray()));
            carried.reset();
            text = from;
        }
    }

    private void handOn(int end) {
        if (end > text) {
            sink.text(Bytes.of(array, text, end - text));
        }
        text = end;
    }
}
