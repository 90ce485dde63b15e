package io.larder.policy;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Octets to be looked for in others, whatever the segments these lie in, in time that grows with their length alone (Knuth,
 * Morris and Pratt 1977). Immutable.
 */
final class Word {
    private final byte[] octets;
    private final int[]
            borders; // of the first n octets: the most that they both begin and end with, but for all of them

    /** @param text one octet a character, not empty */
    Word(String text) {
        octets = text.getBytes(StandardCharsets.ISO_8859_1);
        borders = new int[octets.length + 1];
        for (int n = 2; n <= octets.length; n++) {
            borders[n] = matched(borders[n - 1], octets[n - 1]);
        }
    }

    /** Whatever in {@code page} belongs to an occurrence; occurrences that overlap are one span. */
    List<Span> covered(Bytes page) {
        return spans(page, borders[octets.length]);
    }

    /** The occurrences in {@code page}, from the first on, none overlapping the one before. */
    List<Span> apart(Bytes page) {
        return spans(page, 0);
    }

    /** @param onwards how much of the next occurrence may have come at the end of one */
    private List<Span> spans(Bytes page, int onwards) {
        List<Span> spans = new ArrayList<>();
        long at = 0;
        int matched = 0;
        for (Bytes.Segment segment : page.segments()) {
            int end = segment.offset() + segment.length();
            for (int i = segment.offset(); i < end; i++) {
                at++;
                matched = matched(matched, segment.array()[i]);
                if (matched == octets.length) {
                    Span.append(spans, new Span(at - matched, at));
                    matched = onwards;
                }
            }
        }
        return spans;
    }

    /** How much of this the octets that have come end with, once {@code next} has come, if it was {@code before}. */
    private int matched(int before, byte next) {
        int length = before;
        while (length > 0 && octets[length] != next) {
            length = borders[length];
        }
        return octets[length] == next ? length + 1 : 0;
    }
}
