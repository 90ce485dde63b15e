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

/** What comes of asking the origin whether a stored response still holds (RFC 9111 §4.3). */
public sealed interface Revalidation {
    /**
     * It does: store this in its place.
     *
     * @param own what the client who asked is served: the same, with the fields that were for it alone
     */
    record Freshened(Stored stored, Stored own) implements Revalidation {}

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
        return isAbout(stored.headers(), response.headers())
                ? updated(rules, request, stored, response.headers(), requestedAt, receivedAt)
                : new Mismatch();
    }

    /**
     * The others among {@code stored} that {@code request} could have selected and that the 304 is about as well: those
     * with its strong validator (RFC 9111 §4.3.4).
     *
     * @param asked the one that was asked about
     */
    static List<Stored> alsoAbout(Request request, Variants stored, Stored asked, Response response) {
        String tag = response.headers().first(Fields.ETAG);
        if (tag == null || EntityTag.isWeak(tag)) {
            return List.of();
        }
        return stored.all().stream()
                .filter(other -> !other.vary().equals(asked.vary()))
                .filter(other -> other.vary().matches(request.headers()))
                .filter(other -> tag.equals(other.headers().first(Fields.ETAG)))
                .toList();
    }

    /** {@code stored} with the fields of {@code update}: a 304, or the answer to a HEAD (RFC 9111 §3.2). */
    static Revalidation updated(
            CacheRules rules, Request request, Stored stored, Headers update, Instant requestedAt, Instant receivedAt) {
        Headers merged = StoredFields.merged(stored.head().received(), update, receivedAt);
        Response whole = new Response(stored.status(), stored.reason(), merged, new Body.Whole(stored.body()));
        Request get = request.is("HEAD") ? request.withMethod("GET") : request;
        return switch (Storability.of(rules, get, whole, requestedAt, receivedAt)) {
            case Storability.Keep keep -> {
                Stored kept = stored.under(keep.head());
                Headers own = StoredFields.of(merged, List.of(), receivedAt);
                boolean nothingLeftOut = own.size() == kept.headers().size();
                yield new Freshened(
                        kept, nothingLeftOut ? kept : kept.under(kept.head().withHeaders(own)));
            }
            case Storability.Refuse refuse ->
                new ForThisOnly(once(stored, merged, requestedAt, receivedAt), refuse.reason());
        };
    }

    private static Stored once(Stored stored, Headers merged, Instant requestedAt, Instant receivedAt) {
        Stored.Head old = stored.head();
        Age age = Age.of(merged, requestedAt, receivedAt);
        Headers own = StoredFields.of(merged, List.of(), receivedAt);
        Headers surrogate = SurrogateFields.of(merged);
        return stored.under(new Stored.Head(
                old.status(), old.reason(), own, surrogate, old.vary(), age, old.freshness(), old.use()));
    }

    /**
     * Whether a 304 speaks of the stored response (RFC 9111 §4.3.4): by a strong validator it must have, else by a weak one
     * that corresponds. One without validators, which RFC 9110 §15.4.5 does not allow but origins send, answers the
     * condition that was made of the stored response's own.
     */
    private static boolean isAbout(Headers stored, Headers update) {
        String tag = update.first(Fields.ETAG);
        String storedTag = stored.first(Fields.ETAG);
        if (tag != null && !EntityTag.isWeak(tag)) {
            return tag.equals(storedTag);
        }
        if (tag != null && storedTag != null) {
            return EntityTag.weaklyEqual(tag, storedTag);
        }
        String modified = update.first(Fields.LAST_MODIFIED);
        return modified == null ? tag == null : modified.equals(stored.first(Fields.LAST_MODIFIED));
    }
}
