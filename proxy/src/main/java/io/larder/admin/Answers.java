package io.larder.admin;

import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forms of this API's responses. None may be stored, or be taken by a browser for something else. */
final class Answers {
    /** A browser takes the content for what it is said to be. */
    static final Headers NOSNIFF = Headers.of("X-Content-Type-Options", "nosniff");

    private Answers() {}

    static Response of(int status, String type, Bytes body) {
        return of(status, type, new Body.Whole(body));
    }

    static Response of(int status, String type, Body body) {
        Headers headers = Headers.builder()
                .add(Fields.CONTENT_TYPE, type)
                .add(Fields.CACHE_CONTROL, "no-store")
                .addAll(NOSNIFF)
                .build();
        return Response.of(status, headers, body);
    }

    static Response json(int status, Object value) {
        return of(status, "application/json", Json.write(value));
    }

    static Response text(int status, String type, String text) {
        return of(status, type, Bytes.utf8(text));
    }

    /** A problem document (RFC 9457) that says more than its detail. */
    static Response problem(int status, String detail, RequestId id, Map<String, ?> more) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", Status.reason(status));
        document.put("status", status);
        document.put("detail", detail);
        document.put("request-id", id.toString());
        document.putAll(more);
        return of(status, "application/problem+json", Json.write(document));
    }

    /** What HEAD gets instead of {@code response} (RFC 9110 §9.3.2). */
    static Response head(Response response) {
        Headers headers = response.headers()
                .with(Fields.CONTENT_LENGTH, Long.toString(response.body().length()));
        return response.withHeaders(headers).withBody(Body.none());
    }
}
