package io.larder.policy;

import io.larder.http.EntityTag;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HttpDate;
import io.larder.http.Request;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's conditions, evaluated on a stored response (RFC 9110 §13.2, RFC 9111 §4.3.2). */
public sealed interface Preconditions {
    /** The client lacks it: send it whole. */
    enum Send implements Preconditions {
        WHOLE
    }

    /**
     * The client has it already: send a 304.
     *
     * @param headers of the 304 (RFC 9110 §15.4.5)
     */
    record NotModified(Headers headers) implements Preconditions {}

    /** The fields that a 304 repeats. */
    List<FieldName> REPEATED = List.of(
            Fields.CACHE_CONTROL, Fields.CONTENT_LOCATION, Fields.DATE, Fields.ETAG, Fields.EXPIRES, Fields.VARY);

    static Preconditions of(Request request, Stored stored) {
        Headers headers = request.headers();
        // conditions count where the answer would otherwise be a success (RFC 9110 §13.2.1)
        if (stored.status() < 200 || stored.status() > 299) {
            return Send.WHOLE;
        }
        if (headers.contains(Fields.IF_NONE_MATCH)) { // alone decides, whatever If-Modified-Since says (§13.1.3)
            return nameIt(headers, stored) ? new NotModified(repeated(stored)) : Send.WHOLE;
        }
        if (headers.contains(Fields.IF_MODIFIED_SINCE)) {
            return isUnmodified(headers, stored) ? new NotModified(repeated(stored)) : Send.WHOLE;
        }
        return Send.WHOLE;
    }

    /** RFC 9110 §13.1.2. */
    private static boolean nameIt(Headers request, Stored stored) {
        String tag = stored.headers().first(Fields.ETAG);
        int i = request.indexOf(Fields.IF_NONE_MATCH, 0);
        for (; i >= 0; i = request.indexOf(Fields.IF_NONE_MATCH, i + 1)) {
            String list = request.value(i);
            if (list.equals("*") || (tag != null && EntityTag.listMatches(list, tag))) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9110 §13.1.3; without a Last-Modified the Date stands in for it (RFC 9111 §4.3.2). */
    private static boolean isUnmodified(Headers request, Stored stored) {
        List<String> since = request.all(Fields.IF_MODIFIED_SINCE);
        Instant receivedAt = Instant.ofEpochMilli(stored.head().age().receivedAt());
        Instant theirs = since.size() > 1 ? null : HttpDate.parse(since.get(0), receivedAt);
        if (theirs == null) {
            return false;
        }
        Instant ours = lastModified(stored.headers(), receivedAt);
        return !ours.isAfter(theirs);
    }

    private static Instant lastModified(Headers stored, Instant receivedAt) {
        String field = stored.first(Fields.LAST_MODIFIED);
        @Nullable Instant modified = field == null ? null : HttpDate.parse(field, receivedAt);
        return modified == null ? Freshness.date(stored, receivedAt) : modified;
    }

    private static Headers repeated(Stored stored) {
        Headers from = stored.headers();
        boolean tagged = from.contains(Fields.ETAG);
        HeadersBuilder to = Headers.builder();
        for (int i = 0; i < from.size(); i++) {
            if (isRepeated(from, i) || (!tagged && from.is(i, Fields.LAST_MODIFIED))) {
                to.add(from, i);
            }
        }
        return to.build();
    }

    private static boolean isRepeated(Headers from, int line) {
        for (FieldName name : REPEATED) {
            if (from.is(line, name)) {
                return true;
            }
        }
        return false;
    }
}
