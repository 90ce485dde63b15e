package io.larder.policy;

import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.Locale;

/**
 * What kind of content a response has (RFC 9110 §8.3.1).
 *
 * @param name in lower case, without parameters; empty where the response does not say
 */
public record MediaType(String name) {
    /** That of a response with {@code headers}. */
    public static MediaType of(Headers headers) {
        String type = headers.first(Fields.CONTENT_TYPE);
        if (type == null) {
            return new MediaType("");
        }
        int end = type.indexOf(';');
        return new MediaType((end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT));
    }

    public boolean isHtml() {
        return name.equals("text/html") || name.equals("application/xhtml+xml");
    }

    /** Whether it may hold what somebody wrote, or sent; what has no type may. */
    public boolean isText() {
        return name.isEmpty()
                || name.startsWith("text/")
                || name.endsWith("+json")
                || name.endsWith("+xml")
                || switch (name) {
                    case "application/json",
                            "application/xml",
                            "application/javascript",
                            "application/x-javascript",
                            "application/ecmascript",
                            "application/x-ndjson" -> true;
                    default -> false;
                };
    }

    /** Whether the characters of a response with {@code headers} are wider than an octet, so that no word stands in it as such. */
    public static boolean isWide(Headers headers) {
        String type = headers.first(Fields.CONTENT_TYPE);
        String parameters = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return parameters.contains("utf-16") || parameters.contains("utf-32");
    }
}
