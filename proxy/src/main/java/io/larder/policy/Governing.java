package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import io.larder.http.SurrogateControl;
import io.larder.http.TargetedField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a response says of caching, from the one field that governs it: the first on the route's target list that is valid
 * and not empty (RFC 9213 §2.2), else {@code Surrogate-Control}, else {@code X-Accel-Expires}, else {@code Cache-Control}
 * with {@code Expires}. The others then say nothing, not even that the response is private.
 *
 * <p>All the policy reads a response's directives here, and nowhere else.
 *
 * @param field that governs
 * @param directives it says, or that say the same
 */
record Governing(FieldName field, CacheControl directives) {
    private static final CacheControl NOT_AT_ALL = CacheControl.parse("no-store");

    /**
     * Fields without which the rest would be another response, or be taken for one: a directive that names them cannot
     * mean that the rest is stored.
     */
    private static final List<FieldName> INSEPARABLE = List.of(
            Fields.AGE,
            Fields.CACHE_CONTROL,
            Fields.CONTENT_ENCODING,
            Fields.CONTENT_LENGTH,
            Fields.CONTENT_RANGE,
            Fields.CONTENT_TYPE,
            Fields.DATE,
            Fields.EXPIRES,
            Fields.LOCATION,
            Fields.VARY);

    /** What governs a response with {@code headers}, received then. */
    static Governing of(CacheRules.Lifetimes rules, Headers headers, Instant receivedAt) {
        for (FieldName name : rules.targeted()) {
            Optional<CacheControl> targeted = TargetedField.parse(headers, name);
            if (targeted.isPresent()) {
                return new Governing(name, targeted.get());
            }
        }
        Optional<CacheControl> surrogate = SurrogateControl.parse(headers);
        if (surrogate.isPresent()) {
            return new Governing(Fields.SURROGATE_CONTROL, surrogate.get());
        }
        CacheControl accel = accelerated(headers.first(Fields.X_ACCEL_EXPIRES), receivedAt);
        return accel != null
                ? new Governing(Fields.X_ACCEL_EXPIRES, accel)
                : new Governing(Fields.CACHE_CONTROL, CacheControl.of(headers));
    }

    /** What {@code X-Accel-Expires} says, in the words of {@code Cache-Control}; null where it says nothing (nginx ignores it too). */
    private static @Nullable CacheControl accelerated(@Nullable String value, Instant receivedAt) {
        if (value == null) {
            return null;
        }
        if (value.equals("0") || value.equalsIgnoreCase("off")) {
            return NOT_AT_ALL;
        }
        boolean absolute = value.startsWith("@");
        String digits = absolute ? value.substring(1) : value;
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        long seconds = Long.parseLong(digits) - (absolute ? receivedAt.getEpochSecond() : 0);
        return CacheControl.parse("max-age=" + Math.max(0, seconds));
    }

    /**
     * Whether the content must stay as it came (RFC 9111 §5.2.2.6). It is said to all who stand in between, caches or not,
     * so that no field for caches alone takes the place of {@code Cache-Control} here.
     */
    static boolean forbidsTransforming(Headers headers) {
        return CacheControl.of(headers).has("no-transform");
    }

    /** Whether the lifetime counts from the receipt of the response, however old it was then. */
    boolean countsFromReceipt() {
        return field.equals(Fields.X_ACCEL_EXPIRES);
    }

    /** Whether {@code Expires} counts where no directive states a lifetime (RFC 9213 §2.2). */
    boolean leavesExpires() {
        return field.equals(Fields.CACHE_CONTROL);
    }

    boolean has(String directive) {
        return directives.has(directive);
    }

    /** The argument of {@code directive} in seconds; see {@link CacheControl#seconds}. */
    long seconds(String directive) {
        return directives.seconds(directive);
    }

    /** Whether the response is for one client only (RFC 9111 §5.2.2.7), all of it. */
    boolean isPrivate() {
        return directives.has("private") && fieldsOf("private").isEmpty();
    }

    /** Whether it must be validated before each use (RFC 9111 §5.2.2.4), all of it. */
    boolean isNoCache() {
        return directives.has("no-cache") && fieldsOf("no-cache").isEmpty();
    }

    /** Whether a response to a request with credentials may be shared (RFC 9111 §3.5); a broken duration permits nothing. */
    boolean permitsAuthorized() {
        String shared = directives.argument("s-maxage");
        return has("public")
                || has("must-revalidate")
                || (shared != null && CacheControl.deltaSeconds(shared) != CacheControl.ABSENT);
    }

    /**
     * The fields that are not stored although the rest is: they are for one client ({@code private}), or would have to be
     * validated before each use ({@code no-cache}), which a response without them need not be.
     */
    List<FieldName> withheld() {
        List<FieldName> names = new ArrayList<>(fieldsOf("private"));
        names.addAll(fieldsOf("no-cache"));
        return names;
    }

    /** The fields that {@code directive} is limited to; none where it is absent, or holds for all of the response. */
    private List<FieldName> fieldsOf(String directive) {
        List<FieldName> names = new ArrayList<>();
        for (String member : directives.fieldNames(directive)) {
            if (!Grammar.isToken(member) || member.equals("*") || INSEPARABLE.contains(FieldName.of(member))) {
                return List.of(); // what it was to protect is not known, or cannot be taken out
            }
            names.add(FieldName.of(member));
        }
        return names;
    }
}
