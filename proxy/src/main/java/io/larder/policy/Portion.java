package io.larder.policy;

import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.EntityTag;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.RangeSet;
import io.larder.http.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How much of a response a request is answered with (RFC 9110 §14.2), once its other preconditions are met (§13.2.2). The
 * octets are those of the response as it is encoded.
 */
public sealed interface Portion {
    /** All of it. */
    enum All implements Portion {
        RESPONSE
    }

    /** A 206 with one range. */
    record One(ByteRange range) implements Portion {}

    /**
     * A 206 with {@code multipart/byteranges} (RFC 9110 §14.6).
     *
     * @param ranges two or more, in the order in which they are sent
     */
    record Several(List<ByteRange> ranges) implements Portion {
        public Several {
            ranges = List.copyOf(ranges);
        }
    }

    /** A 416: it has nothing of what is asked for. */
    enum Nothing implements Portion {
        SATISFIABLE
    }

    /**
     * Decides.
     *
     * @param headers of the response
     * @param length of the whole representation, {@link Body#UNKNOWN} where it is still to be seen: then all of it is sent
     */
    static Portion of(Request request, int status, Headers headers, long length, Instant now) {
        boolean applies = status == 200 && length != Body.UNKNOWN;
        if (!applies || !asksForPart(request) || !StrongValidator.satisfiesIfRange(request.headers(), headers, now)) {
            return All.RESPONSE;
        }
        Optional<RangeSet> asked = RangeSet.of(request.headers());
        return asked.isEmpty() ? All.RESPONSE : of(asked.get(), length);
    }

    private static Portion of(RangeSet asked, long length) {
        if (!asked.isSatisfiable(length)) {
            return Nothing.SATISFIABLE;
        }
        List<ByteRange> ranges = asked.in(length);
        return switch (ranges.size()) {
            case 0 -> All.RESPONSE;
            case 1 -> new One(ranges.get(0));
            default -> new Several(ranges);
        };
    }

    /** Whether a request has a {@code Range} that counts: it is defined for GET only (RFC 9110 §14.2). */
    static boolean asksForPart(Request request) {
        return request.headers().contains(Fields.RANGE) && request.is("GET");
    }

    /** Whether it has one that is understood here. */
    static boolean isUnderstood(Request request) {
        return asksForPart(request) && RangeSet.of(request.headers()).isPresent();
    }

    /** Whether it is asked for on the condition of a date, which all forms of a response have in common (RFC 9110 §13.1.5). */
    static boolean isByDate(Request request) {
        String condition = request.headers().first(Fields.IF_RANGE);
        return condition != null && !condition.startsWith("\"") && !EntityTag.isWeak(condition);
    }

    /**
     * Whether what is not stored is fetched as {@code request} asks for it, not whole.
     *
     * @param why it has to be fetched
     */
    static boolean isFetchedAsAsked(CacheRules.Ranges rules, Request request, Reason why) {
        boolean whole = rules.wholeOnMiss() && why != Reason.HIT_FOR_MISS;
        return !whole && asksForPart(request);
    }

    /** {@code request} for the whole representation. */
    static Request forAll(Request request) {
        return asksForPart(request)
                ? request.withHeaders(request.headers().without(Fields.RANGE).without(Fields.IF_RANGE))
                : request;
    }
}
