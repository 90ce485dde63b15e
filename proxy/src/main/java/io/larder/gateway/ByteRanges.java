package io.larder.gateway;

import io.larder.exchange.RequestId;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Content of the type {@code multipart/byteranges} (RFC 9110 §14.6): a part for each range, which shares the octets it was
 * cut from.
 *
 * @param type the value of its {@code Content-Type}
 */
record ByteRanges(String type, Bytes content) {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /**
     * Puts ranges together.
     *
     * @param of the {@code Content-Type} of the representation; null where it has none
     * @param octets gives the octets of one range
     * @param id of the request: the boundary comes from it, so that whoever wrote the content cannot have known it
     */
    static ByteRanges of(
            @Nullable String of,
            long complete,
            List<ByteRange> ranges,
            Function<ByteRange, Bytes> octets,
            RequestId id) {
        String boundary = hex(id.value()) + hex(id.value() + GOLDEN);
        List<Bytes> all = new ArrayList<>();
        for (ByteRange range : ranges) {
            all.add(Bytes.utf8((all.isEmpty() ? "--" : "\r\n--") + boundary + "\r\n"));
            Headers head = head(of, new ContentRange(range, complete)).wire();
            all.add(Bytes.of(head.wireArray(), head.wireStart(), head.wireLength()));
            all.add(Bytes.utf8("\r\n"));
            all.add(octets.apply(range));
        }
        all.add(Bytes.utf8("\r\n--" + boundary + "--\r\n"));
        return new ByteRanges("multipart/byteranges; boundary=" + boundary, Bytes.concat(all));
    }

    private static Headers head(@Nullable String type, ContentRange range) {
        HeadersBuilder head = Headers.builder();
        if (type != null) {
            head.add(Fields.CONTENT_TYPE, type);
        }
        return head.add(Fields.CONTENT_RANGE, range.toString()).build();
    }

    /** Sixteen digits in which every bit of {@code seed} shows everywhere. */
    private static String hex(long seed) {
        long mixed = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return new RequestId(mixed ^ (mixed >>> 31)).toString();
    }
}
