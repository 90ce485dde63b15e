package io.larder.policy;

import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.ContentRange;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.RangeSet;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the 206 that came for a {@code Range} may be stored, as a part and never as anything else (RFC 9111 §3.3). */
public sealed interface PartialContent {
    /**
     * It may be, once all of its body has come.
     *
     * @param head of the response as if it were whole
     * @param range which part of it the body is, as it says itself
     */
    record Keep(Stored.Head head, ContentRange range) implements PartialContent {}

    /** It may not. */
    record Refuse(Reason reason) implements PartialContent {}

    /**
     * Decides for a 206 that came from the origin.
     *
     * @param request as it was sent, whose ignored cookies are gone
     * @param requestedAt when it was sent
     * @param receivedAt when the response's head had come
     */
    static PartialContent of(
            CacheRules rules, Request request, Response response, Instant requestedAt, Instant receivedAt) {
        List<String> said = response.headers().all(Fields.CONTENT_RANGE);
        Optional<ContentRange> range = said.size() == 1 ? ContentRange.parse(said.get(0)) : Optional.empty();
        // several ranges at once have none; what was not asked for is no answer (RFC 9110 §15.3.7)
        if (range.isEmpty() || !mayBe(rules.ranges(), request, response.body(), range.get())) {
            return new Refuse(Reason.PARTIAL);
        }
        Headers fields = response.headers().without(Fields.CONTENT_RANGE);
        Response whole = Response.of(200, fields, response.body());
        return switch (Storability.of(rules, Portion.forAll(request), whole, requestedAt, receivedAt)) {
            case Storability.Keep keep ->
                Guard.permitsPart(rules, request, fields)
                        ? new Keep(keep.head(), range.get())
                        : new Refuse(Reason.GUARD_PART);
            case Storability.Refuse refuse -> new Refuse(refuse.reason());
        };
    }

    private static boolean mayBe(CacheRules.Ranges rules, Request request, Body body, ContentRange range) {
        Optional<RangeSet> asked = RangeSet.of(request.headers());
        if (asked.isEmpty() || asked.get().size() != 1) {
            return false;
        }
        boolean answers = asked.get().in(range.complete()).stream().anyMatch(part -> part.contains(range.range()));
        boolean fits =
                body.length() == Body.UNKNOWN || body.length() == range.range().length();
        return rules.lenient() || (answers && fits);
    }

    /**
     * Which part {@code length} octets are that came with {@code range}; empty: they cannot be.
     *
     * @param lenient whether fewer octets are taken for what came of the range; where it was to reach the end, they do
     */
    static Optional<ContentRange> received(ContentRange range, long length, boolean lenient) {
        if (length == range.range().length()) {
            return Optional.of(range);
        }
        if (!lenient || length == 0 || length > range.range().length()) {
            return Optional.empty();
        }
        long first = range.range().first();
        boolean toTheEnd = range.range().last() == range.complete() - 1;
        ByteRange came = new ByteRange(first, first + length - 1);
        return Optional.of(new ContentRange(came, toTheEnd ? first + length : range.complete()));
    }
}
