package io.larder.admin;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;

/** The forms of this API's responses. None may be stored, or be taken by a browser for something else. */
final class Answers {
    /** A browser takes the content for what it is said to be. */
    static final Headers NOSNIFF = Headers.of("X-Content-Type-Options", "nosniff");

    private Answers() {}

    static Response of(int status, String type, Bytes body) {
        Headers headers = Headers.builder()
                .add(Fields.CONTENT_TYPE, type)
                .add(Fields.CACHE_CONTROL, "no-store")
                .addAll(NOSNIFF)
                .build();
        return Response.of(status, headers, new Body.Whole(body));
    }

    static Response json(int status, Object value) {
        return of(status, "application/json", Json.write(value));
    }

    static Response text(int status, String type, String text) {
        return of(status, type, Bytes.utf8(text));
    }

    /** What HEAD gets instead of {@code response} (RFC 9110 §9.3.2). */
    static Response head(Response response) {
        Headers headers = response.headers()
                .with(Fields.CONTENT_LENGTH, Long.toString(response.body().length()));
        return response.withHeaders(headers).withBody(Body.none());
    }
}
