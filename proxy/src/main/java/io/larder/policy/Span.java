package io.larder.policy;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The octets of something from {@code from} (inclusive) to {@code to} (exclusive). */
record Span(long from, long to) {
    /** Puts {@code next} behind {@code spans}, of which none begins later; makes one of two that overlap. */
    static void append(List<Span> spans, Span next) {
        int last = spans.size() - 1;
        if (last >= 0 && next.from < spans.get(last).to) {
            Span before = spans.get(last);
            spans.set(last, new Span(before.from, Math.max(before.to, next.to)));
        } else {
            spans.add(next);
        }
    }

    /** All of {@code runs}, each in its order, in one order; what overlaps is made one. */
    static List<Span> united(List<List<Span>> runs) {
        List<Span> all = new ArrayList<>();
        runs.forEach(all::addAll);
        all.sort(Comparator.comparingLong(Span::from)); // merges runs, so that it takes linear time for a few of them
        List<Span> united = new ArrayList<>();
        all.forEach(span -> append(united, span));
        return united;
    }

    /** What of {@code page} lies before, between and behind {@code spans}, which are in order and do not overlap. */
    static List<Bytes> between(Bytes page, List<Span> spans) {
        Knife knife = new Knife(page);
        List<Bytes> pieces = new ArrayList<>(spans.size() + 1);
        for (Span span : spans) {
            pieces.add(knife.cut(span.from));
            knife.cut(span.to);
        }
        pieces.add(knife.cut(page.length()));
        return pieces;
    }
}
