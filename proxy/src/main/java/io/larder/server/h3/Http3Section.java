package io.larder.server.h3;

import io.larder.http.HeadLimits;
import io.larder.server.stream.StreamHead;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Map;
import java.util.Set;

/** A field section of HTTP/3 as the judgement of all streams has it. */
final class Http3Section {
    /** Requests by these have content where it comes, or where its length was said; clients mostly end the stream with the head. */
    private static final Set<String> USUALLY_BARE = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    private Http3Section() {}

    static StreamHead of(Http3Headers fields, HeadLimits limits) {
        StreamHead section = new StreamHead(limits);
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            section.add(field.getKey(), field.getValue());
        }
        return section;
    }

    /** Whether it is worth waiting for the end of the stream, which mostly comes with such a head. */
    static boolean isUsuallyBare(StreamHead head) {
        return head.isUsuallyBare(USUALLY_BARE);
    }
}
