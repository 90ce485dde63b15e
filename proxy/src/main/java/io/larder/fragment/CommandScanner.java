package io.larder.fragment;

import io.larder.http.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds SSI's commands, {@code <!--#} … {@code -->}, in a page that comes in pieces of any size: each octet is looked at once,
 * and what is no command is handed on as slices of what came in. What stands in quotes ends no command, and a backslash takes
 * the meaning of the octet behind it there. Confined to one thread.
 */
final class CommandScanner {
    /** What is found, in the order of the page. */
    interface Sink {
        /** What is no business of SSI's. */
        void text(Bytes octets);

        /** A command, or what begins and ends like one. */
        void command(Bytes raw);

        /** What begins like a command and does not end. */
        void endless(Bytes raw);
    }

    private static final byte[] MARK = "<!--#".getBytes(StandardCharsets.US_ASCII);

    private final Sink sink;
    private final int longest;
    private final ByteArrayOutputStream carried = new ByteArrayOutputStream(); // of a command, from before this piece
    private int matched; // octets of the mark; all of them: within a command
    private int length; // of the command so far
    private byte quote; // that is open; 0 for none
    private boolean escaped; // a backslash came before, in quotes
    private byte before; // the last octet that was no space
    private int dashes; // that came last

    // of the piece at hand
    private byte[] array = {};
    private int text; // where the text begins that is not handed on yet
    private int mark; // where the command begins, if in this piece

    /** @param longest octets of a command; what is longer is none */
    CommandScanner(Sink sink, int longest) {
        this.sink = sink;
        this.longest = longest;
    }

    /** Takes in more of the page. */
    void feed(Bytes page) {
        for (Bytes.Segment segment : page.segments()) {
            feed(segment.array(), segment.offset(), segment.offset() + segment.length());
        }
    }

    private void feed(byte[] piece, int start, int end) {
        array = piece;
        text = start;
        mark = start;
        int at = start;
        while (at < end) {
            at = matched == 0 ? skip(at, end) : matched < MARK.length ? extend(at) : within(at);
        }
        if (matched == 0) {
            handOn(end);
        } else {
            handOn(mark);
            carried.write(piece, mark, end - mark);
        }
        array = new byte[0];
    }

    /** The page is over. */
    void finish() {
        Bytes rest = Bytes.of(carried.toByteArray());
        if (matched == MARK.length) {
            sink.endless(rest);
        } else if (!rest.isEmpty()) {
            sink.text(rest);
        }
        carried.reset();
        matched = 0;
    }

    private int skip(int at, int end) {
        int i = at;
        while (i < end && array[i] != MARK[0]) {
            i++;
        }
        if (i < end) {
            mark = i;
            matched = 1;
            return i + 1;
        }
        return i;
    }

    private int extend(int at) {
        if (array[at] != MARK[matched]) {
            refuse(); // the octet at hand may begin another
            return at;
        }
        matched++;
        if (matched == MARK.length) {
            length = matched;
            quote = 0;
            escaped = false;
            before = 0;
            dashes = 0;
        }
        return at + 1;
    }

    private void refuse() {
        if (carried.size() > 0) {
            sink.text(Bytes.of(carried.toByteArray()));
            carried.reset();
        }
        matched = 0;
    }

    private int within(int at) {
        byte next = array[at];
        boolean ends = quote == 0 && next == '>' && dashes >= 2;
        if (ends || ++length >= longest) {
            Bytes raw = taken(at + 1);
            if (ends) {
                sink.command(raw);
            } else {
                sink.endless(raw);
            }
        } else if (quote != 0) {
            quoted(next);
        } else {
            unquoted(next);
        }
        return at + 1;
    }

    private void quoted(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == quote) {
            quote = 0;
            before = next;
        } else {
            escaped = next == '\\';
        }
    }

    private void unquoted(byte next) {
        dashes = next == '-' ? dashes + 1 : 0;
        if ((next == '"' || next == '\'') && before == '=') {
            quote = next;
        }
        if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
            before = next;
        }
    }

    /** The command that ends before {@code end}; what was text before it has been handed on. */
    private Bytes taken(int end) {
        Bytes whole = Bytes.of(array, mark, end - mark);
        if (carried.size() > 0) {
            carried.write(array, mark, end - mark);
            whole = Bytes.of(carried.toByteArray());
            carried.reset();
        } else {
            handOn(mark);
        }
        text = end;
        matched = 0;
        return whole;
    }

    private void handOn(int end) {
        if (end > text) {
            sink.text(Bytes.of(array, text, end - text));
        }
        text = end;
    }
}
