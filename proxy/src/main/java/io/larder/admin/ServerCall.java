package io.larder.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The call {@code POST /v1/upstreams/{name}/servers/{address}} with {@code {"state":"drain"}} or {@code {"state":"resume"}}.
 *
 * @param out whether the server is taken out
 */
record ServerCall(String upstream, String server, boolean out) {
    private static final String PREFIX = "/v1/upstreams/";
    private static final String MIDDLE = "/servers/";

    /** Whether a path is one of these calls. */
    static boolean isMeantBy(String path) {
        return path.startsWith(PREFIX) && path.indexOf(MIDDLE, PREFIX.length()) > PREFIX.length();
    }

    /** What {@code path}, which must be such a call's, and {@code body} ask for. */
    static ServerCall parse(String path, JsonNode body) throws Refused {
        int middle = path.indexOf(MIDDLE, PREFIX.length());
        return new ServerCall(
                decoded(path.substring(PREFIX.length(), middle)),
                decoded(path.substring(middle + MIDDLE.length())),
                isOut(body));
    }

    private static boolean isOut(JsonNode body) throws Refused {
        @Nullable JsonNode state = body.size() == 1 ? body.get("state") : null;
        return switch (state == null ? "" : state.asText()) {
            case "drain" -> true;
            case "resume" -> false;
            default -> throw Refused.of(400, "send {\"state\":\"drain\"} or {\"state\":\"resume\"}");
        };
    }

    private static String decoded(String segment) throws Refused {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refused.of(400, "the path is not percent-encoded as it should be: " + segment);
        }
    }
}
