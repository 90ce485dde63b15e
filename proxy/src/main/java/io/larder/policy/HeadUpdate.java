package io.larder.policy;

import io.larder.http.EntityTag;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;

/** What the answer to a HEAD says of the response to GET that is stored (RFC 9111 §4.3.5). */
public sealed interface HeadUpdate {
    /** It still holds: store this in its place. */
    record Freshened(Stored stored) implements HeadUpdate {}

    /** It does not, or may not be shared any more: store this in its place, which is validated before it is used again. */
    record Outdated(Stored stored) implements HeadUpdate {}

    /**
     * Nothing: only a 200 speaks of the representation, and only by a validator. RFC 9111 §4.3.5 would freshen a response
     * without one as well; that a page had the same fields is no sign that its text is the same.
     */
    enum Silent implements HeadUpdate {
        SILENT
    }

    /**
     * Decides.
     *
     * @param request the HEAD
     * @param stored what it selects
     */
    static HeadUpdate of(
            CacheRules rules,
            Request request,
            Stored stored,
            Response response,
            Instant requestedAt,
            Instant receivedAt) {
        Headers said = response.headers();
        if (response.status() != 200) {
            return Silent.SILENT;
        }
        if (stored.status() != 200 || contradicts(stored, said)) {
            return new Outdated(stored.outdated());
        }
        if (!said.contains(Fields.ETAG) && !said.contains(Fields.LAST_MODIFIED)) {
            return Silent.SILENT;
        }
        return switch (Revalidation.updated(rules, request, stored, said, requestedAt, receivedAt)) {
            case Revalidation.Freshened fresh -> new Freshened(fresh.stored());
            case Revalidation.ForThisOnly only -> new Outdated(stored.outdated());
            case Revalidation.Mismatch mismatch -> new Outdated(stored.outdated());
        };
    }

    /** Whether a validator, or the length, is another than that of the stored response. */
    private static boolean contradicts(Stored stored, Headers said) {
        String tag = said.first(Fields.ETAG);
        String storedTag = stored.headers().first(Fields.ETAG);
        if (tag != null && !(storedTag != null && EntityTag.weaklyEqual(tag, storedTag))) {
            return true;
        }
        String modified = said.first(Fields.LAST_MODIFIED);
        if (modified != null && !modified.equals(stored.headers().first(Fields.LAST_MODIFIED))) {
            return true;
        }
        String length = said.first(Fields.CONTENT_LENGTH);
        return length != null && !length.equals(Long.toString(stored.body().length()));
    }
}
