package io.larder.policy;

import io.larder.http.EntityTag;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HttpDate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What changes whenever one octet of a representation does (RFC 9110 §8.8.1): only by it may parts be put together. */
final class StrongValidator {
    private StrongValidator() {}

    /** The strong validator of a response, as it stands in its {@code ETag} or {@code Last-Modified}. */
    static Optional<String> of(Headers response, Instant now) {
        String tag = response.first(Fields.ETAG);
        if (tag != null) {
            return EntityTag.isWeak(tag) ? Optional.empty() : Optional.of(tag);
        }
        String modified = response.first(Fields.LAST_MODIFIED);
        return modified != null && strongDate(response, now) != null ? Optional.of(modified) : Optional.empty();
    }

    /** Whether both responses have the same one (RFC 9111 §3.4). */
    static boolean same(Headers one, Headers other, Instant now) {
        Optional<String> validator = of(one, now);
        return validator.isPresent()
                && validator.equals(of(other, now))
                && one.contains(Fields.ETAG) == other.contains(Fields.ETAG);
    }

    /**
     * Whether the condition of an {@code If-Range} holds for a response, or there is none (RFC 9110 §13.1.5): the same
     * strong tag, or a date that is exactly its {@code Last-Modified} and strong.
     */
    static boolean satisfiesIfRange(Headers request, Headers response, Instant now) {
        List<String> values = request.all(Fields.IF_RANGE);
        if (values.isEmpty()) {
            return true;
        }
        String value = values.get(0);
        if (values.size() > 1) {
            return false;
        }
        if (value.startsWith("\"") || EntityTag.isWeak(value)) {
            String tag = response.first(Fields.ETAG);
            return tag != null && EntityTag.stronglyEqual(value, tag);
        }
        Instant theirs = HttpDate.parse(value, now);
        return theirs != null && theirs.equals(strongDate(response, now));
    }

    /**
     * When the response was last modified, where a second change in the same second would have shown (RFC 9110 §8.8.2.2):
     * it was sent later than that.
     */
    private static @Nullable Instant strongDate(Headers response, Instant now) {
        String modified = response.first(Fields.LAST_MODIFIED);
        String sent = response.first(Fields.DATE);
        Instant ours = modified == null ? null : HttpDate.parse(modified, now);
        Instant date = sent == null ? null : HttpDate.parse(sent, now);
        return ours != null && date != null && date.isAfter(ours) ? ours : null;
    }
}
