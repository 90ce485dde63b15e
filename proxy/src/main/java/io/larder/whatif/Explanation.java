package io.larder.whatif;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway would do with a request, and why: a value.
 *
 * @param request its method and URL
 * @param live whether a running gateway was asked what it has stored
 */
public record Explanation(String request, boolean live, List<Step> steps, Verdict verdict) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /**
     * How it ends.
     *
     * @param outcome as in the access log: {@code hit}, {@code stale}, {@code miss}, {@code bypass}, {@code error},
     *     {@code none}; or {@code validate}, where the origin decides what it becomes
     * @param reason the code that the access log would carry; null where the response decides that
     * @param sentence for people
     */
    public record Verdict(String outcome, @Nullable String reason, String sentence) {}
}
