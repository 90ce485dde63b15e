package io.larder.assembly;

import io.larder.exchange.Journal;
import io.larder.http.Fields;
import io.larder.http.Headers;

/** What a page was put together from, as its {@code Cache-Status} tells those who debug it. */
final class Tree {
    private static final int LONGEST = 2_048; // characters: heads have their limits

    private Tree() {}

    /** {@code head} with what is known of the fragments of {@code page} by now. */
    static Headers in(Headers head, Journal page) {
        String status = head.combined(Fields.CACHE_STATUS);
        if (status == null || page.included().isEmpty()) {
            return head;
        }
        StringBuilder text = new StringBuilder();
        add(page, text);
        String told = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text.toString();
        return head.with(Fields.CACHE_STATUS, status + "; fragments=\"" + told + '"');
    }

    /** Each fragment with what the cache did for it, and in parentheses those that it consists of itself. */
    private static void add(Journal page, StringBuilder to) {
        String between = "";
        for (Journal.Included part : page.included()) {
            to.append(between).append(ascii(part.target())).append(' ');
            to.append(state(part.journal()));
            if (!part.journal().included().isEmpty()) {
                to.append(" (");
                add(part.journal(), to);
                to.append(')');
            }
            between = ", ";
        }
    }

    private static String state(Journal part) {
        return part.cache().equals("-") ? "pending" : part.cache() + "/" + part.reason();
    }

    /** As it can stand in a structured field's string (RFC 9651 §3.3.3). */
    private static String ascii(String text) {
        return text.replaceAll("[^ -~]|[\"\\\\]", "?");
    }
}
