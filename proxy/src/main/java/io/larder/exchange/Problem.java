package io.larder.exchange;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Status;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Renders trouble as a small, correct response: {@code application/problem+json} (RFC 9457) for those who accept JSON,
 * else a page of HTML. The one place that does.
 */
public final class Problem {
    private Problem() {}

    /**
     * A response that explains {@code status}.
     *
     * @param detail one sentence for whoever reads the answer; holds nothing secret
     * @param asked the request's headers, of which {@code Accept} counts
     * @param extra fields to go with it, e.g. {@code Proxy-Status}, {@code Retry-After}, {@code Allow}
     */
    public static Response response(int status, String detail, RequestId id, Headers asked, Headers extra) {
        if (wantsJson(asked)) {
            return json(status, detail, id, extra);
        }
        String page = page(status, Status.reason(status), detail, id);
        return response(status, "text/html; charset=utf-8", page, id, extra);
    }

    /** As {@link #response(int, String, RequestId, Headers, Headers)}, for callers that are programs: always JSON. */
    public static Response json(int status, String detail, RequestId id, Headers extra) {
        String document = document(status, Status.reason(status), detail, id);
        return response(status, "application/problem+json", document, id, extra);
    }

    /** The response that {@code failure} becomes: its kind is told, its detail is for the log. */
    public static Response response(Failure failure, RequestId id, Headers asked, Headers extra) {
        return response(failure.kind().status(), failure.kind().token(), id, asked, extra);
    }

    private static Response response(int status, String type, String body, RequestId id, Headers extra) {
        Headers headers = Headers.builder()
                .add(Fields.CONTENT_TYPE, type)
                .add(Fields.CACHE_CONTROL, "no-store")
                .add(Fields.X_REQUEST_ID, id.toString())
                .addAll(extra)
                .build();
        return new Response(status, Status.reason(status), headers, new Body.Whole(Bytes.utf8(body)));
    }

    private static boolean wantsJson(Headers asked) {
        @Nullable String accept = asked.combined(Fields.ACCEPT);
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("json");
    }

    private static String document(int status, String title, String detail, RequestId id) {
        return "{\"type\":\"about:blank\",\"title\":" + JsonText.quoted(title) + ",\"status\":" + status
                + ",\"detail\":" + JsonText.quoted(detail) + ",\"request-id\":\"" + id + "\"}\n";
    }

    private static String page(int status, String title, String detail, RequestId id) {
        String heading = status + " " + escapeHtml(title);
        return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + heading + "</title>\n<h1>"
                + heading + "</h1>\n<p>" + escapeHtml(detail) + "</p>\n<p>Request " + id + "</p>\n</html>\n";
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
