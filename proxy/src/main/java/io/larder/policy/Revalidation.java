package io.larder.policy;

import io.larder.http.Body;
import io.larder.http.EntityTag;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of asking the origin whether a stored response still holds (RFC 9111 §4.3). */
public sealed interface Revalidation {
    /** It does: store this in its place, and serve it. */
    record Freshened(Stored stored) implements Revalidation {}

    /**
     * It does, but what the origin said with it is for this client only: serve this, and leave what is stored alone.
     *
     * @param reason why it is not stored
     */
    record ForThisOnly(Stored stored, Reason reason) implements Revalidation {}

    /** The 304 speaks of another representation (RFC 9111 §4.3.4): fetch without conditions. */
    record Mismatch() implements Revalidation {}

    /** The conditions a client may send; the ones about the store's own copy take their place. */
    List<FieldName> CONDITIONS = List.of(
            Fields.IF_NONE_MATCH,
            Fields.IF_MODIFIED_SINCE,
            Fields.IF_MATCH,
            Fields.IF_UNMODIFIED_SINCE,
            Fields.IF_RANGE,
            Fields.RANGE);

    /**
     * {@code request} with the stored response's validators, octet by octet, for its conditions (RFC 9111 §4.3.1);
     * without any where it has none.
     */
    static Request request(Request request, Stored stored) {
        HeadersBuilder headers = unconditional(request).headers().toBuilder();
        String etag = stored.headers().first(Fields.ETAG);
        if (etag != null) {
            headers.add(Fields.IF_NONE_MATCH, etag);
        }
        String modified = stored.headers().first(Fields.LAST_MODIFIED);
        if (modified != null) {
            headers.add(Fields.IF_MODIFIED_SINCE, modified);
        }
        return request.withHeaders(headers.build());
    }

    /** {@code request} without any conditions. */
    static Request unconditional(Request request) {
        return request.withHeaders(request.headers().keeping(i -> !isCondition(request, i)));
    }

    private static boolean isCondition(Request request, int line) {
        for (FieldName condition : CONDITIONS) {
            if (request.headers().is(line, condition)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What the 304 {@code response} makes of {@code stored} (RFC 9111 §3.2, §4.3.4).
     *
     * @param request that was sent
     * @param requestedAt when it was sent
     * @param receivedAt when the response had come
     */
    static Revalidation of(
            CacheRules rules,
            Request request,
            Stored stored,
            Response response,
            Instant requestedAt,
            Instant receivedAt) {
        if (!isAbout(stored.headers(), response.headers())) {
            return new Mismatch();
        }
        Headers merged = StoredFields.merged(stored.headers(), response.headers(), receivedAt);
        Response whole = new Response(stored.status(), stored.reason(), merged, new Body.Whole(stored.body()));
        Request get = request.is("HEAD") ? request.withMethod("GET") : request;
        return switch (Storability.of(rules, get, whole, requestedAt, receivedAt)) {
            case Storability.Keep keep -> new Freshened(stored.under(keep.head()));
            case Storability.Refuse refuse ->
                new ForThisOnly(updated(stored, merged, requestedAt, receivedAt), refuse.reason());
        };
    }

    private static Stored updated(Stored stored, Headers merged, Instant requestedAt, Instant receivedAt) {
        Stored.Head old = stored.head();
        Age age = Age.of(merged, requestedAt, receivedAt);
        Headers kept = StoredFields.of(merged, CacheRules.SetCookie.STORE, receivedAt);
        return stored.under(
                new Stored.Head(old.status(), old.reason(), kept, old.vary(), age, old.freshness(), old.use()));
    }

    /** Whether the validators of a 304 are those of the stored response, or it has none (RFC 9111 §4.3.4). */
    private static boolean isAbout(Headers stored, Headers update) {
        String tag = update.first(Fields.ETAG);
        if (tag == null) {
            return same(stored.first(Fields.LAST_MODIFIED), update.first(Fields.LAST_MODIFIED));
        }
        String storedTag = stored.first(Fields.ETAG);
        if (storedTag == null) {
            String modified = update.first(Fields.LAST_MODIFIED);
            return modified != null && modified.equals(stored.first(Fields.LAST_MODIFIED));
        }
        return EntityTag.weaklyEqual(tag, storedTag);
    }

    private static boolean same(@Nullable String stored, @Nullable String update) {
        return update == null || stored == null || stored.equals(update);
    }
}
