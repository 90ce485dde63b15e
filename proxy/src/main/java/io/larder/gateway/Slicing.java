package io.larder.gateway;

import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.Parts;
import io.larder.policy.Portion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes of a whole response the one for a request that asks for parts of it (RFC 9110 §14, §15.3.7, §15.5.17). */
final class Slicing {
    /** They speak of the content of one message, or of its place in the whole, so that they hold for no other. */
    private static final List<FieldName> OF_THE_WHOLE =
            List.of(Fields.CONTENT_RANGE, FieldName.of("Content-Digest"), FieldName.of("Content-MD5"));

    private Slicing() {}

    /** {@code whole}, or what {@code quest} asks for of it; bodies that are still coming are cut only in one piece. */
    static Response of(Quest quest, Response whole, Instant now) {
        Body body = whole.body();
        long complete = body.length();
        RequestId id = quest.exchange().id();
        return switch (Portion.of(quest.request(), whole.status(), whole.headers(), complete, now)) {
            case Portion.All all -> whole;
            case Portion.Nothing nothing -> {
                body.discard();
                yield unsatisfiable(whole, complete);
            }
            case Portion.One(ByteRange range) -> one(whole, new ContentRange(range, complete), cut(body, range));
            case Portion.Several(List<ByteRange> ranges) ->
                switch (body) {
                    case Body.Whole(Bytes bytes) -> several(whole, complete, ranges, range -> cut(bytes, range), id);
                    case Body.Live live -> whole; // ranges may be ignored (RFC 9110 §14.2)
                };
        };
    }

    /**
     * What {@code quest} asks for, where it is among {@code parts}.
     *
     * @param head of the response as if it were whole, without content
     */
    static Optional<Response> of(Quest quest, Response head, Parts parts, Instant now) {
        long complete = parts.complete();
        RequestId id = quest.exchange().id();
        return switch (Portion.of(quest.request(), 200, parts.fields(), complete, now)) {
            case Portion.All all -> Optional.empty();
            case Portion.Nothing nothing -> Optional.of(unsatisfiable(head, complete));
            case Portion.One(ByteRange range) ->
                parts.have(range)
                        ? Optional.of(one(head, new ContentRange(range, complete), new Body.Whole(parts.octets(range))))
                        : Optional.empty();
            case Portion.Several(List<ByteRange> ranges) ->
                ranges.stream().allMatch(parts::have)
                        ? Optional.of(several(head, complete, ranges, parts::octets, id))
                        : Optional.empty();
        };
    }

    private static Body cut(Body body, ByteRange range) {
        return switch (body) {
            case Body.Whole(Bytes bytes) -> new Body.Whole(cut(bytes, range));
            case Body.Live(var source, long length) -> new Body.Live(new Slice(source, range, length), range.length());
        };
    }

    private static Bytes cut(Bytes whole, ByteRange range) {
        return whole.slice(range.first(), range.last() + 1);
    }

    private static Response one(Response whole, ContentRange range, Body content) {
        Headers place =
                Headers.builder().add(Fields.CONTENT_RANGE, range.toString()).build();
        return partial(whole, whole.headers(), place, content);
    }

    private static Response several(
            Response whole, long complete, List<ByteRange> ranges, Function<ByteRange, Bytes> octets, RequestId id) {
        String type = whole.headers().first(Fields.CONTENT_TYPE);
        ByteRanges parts = ByteRanges.of(type, complete, ranges, octets, id);
        Headers shared = whole.headers().without(Fields.CONTENT_TYPE);
        Headers own = Headers.builder().add(Fields.CONTENT_TYPE, parts.type()).build();
        return partial(whole, shared, own, new Body.Whole(parts.content()));
    }

    private static Response partial(Response whole, Headers shared, Headers own, Body content) {
        Headers kept = shared;
        for (FieldName name : OF_THE_WHOLE) {
            kept = kept.without(name);
        }
        return new Response(206, "Partial Content", kept, whole.added(), content).adding(own);
    }

    /** Says how long it is, and nothing else of the representation: nobody is to store this in its place. */
    private static Response unsatisfiable(Response whole, long complete) {
        Headers length = Headers.builder()
                .add(Fields.CONTENT_RANGE, ContentRange.unsatisfied(complete))
                .build();
        return new Response(416, "Range Not Satisfiable", length, whole.added(), Body.none());
    }
}
