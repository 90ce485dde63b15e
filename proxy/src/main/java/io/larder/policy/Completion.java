package io.larder.policy;

import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetching the one run that is missing of a stored response (RFC 9111 §3.3, §3.4).
 *
 * @param validator the strong one of the stored parts; null where they have none: then they can be put together with
 *     nothing, and are only asked on with by those who are lenient
 */
public record Completion(
        Parts parts, ByteRange gap, @Nullable String validator) {

    /** What the origin's answer makes of it. */
    public sealed interface Outcome {}

    /**
     * What came is what was missing.
     *
     * @param headers of the whole
     */
    public record Completed(Headers headers) implements Outcome {}

    /** The whole came: what is stored is of no use any more. */
    public enum Replaced implements Outcome {
        BY_THE_WHOLE
    }

    /** What came does not fit what is stored: ask for the whole. */
    public enum Useless implements Outcome {
        PARTS
    }

    /** Something else came, which says nothing of the parts. */
    public enum Passed implements Outcome {
        ON
    }

    /** How {@code parts} can be completed; empty where they cannot. */
    public static Optional<Completion> of(CacheRules.Ranges rules, Parts parts, Instant now) {
        @Nullable String validator = StrongValidator.of(parts.fields(), now).orElse(null);
        return validator == null && !rules.lenient()
                ? Optional.empty()
                : parts.gap().map(gap -> new Completion(parts, gap, validator));
    }

    /** {@code request}, which asks for the whole, for what is missing alone. */
    public Request request(Request request) {
        boolean toTheEnd = gap.last() == parts.complete() - 1;
        HeadersBuilder headers = Portion.forAll(request).headers().toBuilder()
                .add(Fields.RANGE, "bytes=" + gap.first() + "-" + (toTheEnd ? "" : gap.last()));
        if (validator != null) {
            headers.add(Fields.IF_RANGE, validator);
        }
        return request.withHeaders(headers.build());
    }

    /** What {@code response} to that request makes of it. */
    public Outcome of(Response response, Instant now) {
        return switch (response.status()) {
            case 200 -> Replaced.BY_THE_WHOLE;
            case 206 ->
                fits(response, now)
                        ? new Completed(StoredFields.merged(parts.received(), response.headers(), now))
                        : Useless.PARTS;
            case 416 -> Useless.PARTS;
            default -> Passed.ON;
        };
    }

    /** Only what is sure to be of the same representation, and as long as it says, is put together (RFC 9111 §3.4). */
    private boolean fits(Response response, Instant now) {
        Headers headers = response.headers();
        return new ContentRange(gap, parts.complete()).toString().equals(headers.combined(Fields.CONTENT_RANGE))
                && response.body().length() == gap.length()
                && StrongValidator.same(parts.fields(), headers, now);
    }

    /** The octets that are there of what comes before it. */
    public Bytes before() {
        return gap.first() == 0 ? Bytes.EMPTY : parts.octets(new ByteRange(0, gap.first() - 1));
    }

    /** The octets that are there of what comes after it. */
    public Bytes after() {
        long last = parts.complete() - 1;
        return gap.last() == last ? Bytes.EMPTY : parts.octets(new ByteRange(gap.last() + 1, last));
    }
}
