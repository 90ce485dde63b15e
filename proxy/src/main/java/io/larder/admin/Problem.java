package io.larder.admin;

import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a call is refused, as a problem document (RFC 9457).
 *
 * @param detail what is wrong and what would be right; holds nothing secret
 * @param headers that the status asks for, such as {@code Allow}
 */
record Problem(int status, String detail, Headers headers) {
    static Problem of(int status, String detail) {
        return new Problem(status, detail, Headers.EMPTY);
    }

    /** 401: a token is asked for (RFC 6750 §3). */
    static Problem unauthorized(String detail) {
        return new Problem(401, detail, Headers.of("WWW-Authenticate", "Bearer realm=\"larder\""));
    }

    /** 405 with the methods that are allowed (RFC 9110 §15.5.6). */
    static Problem methodNotAllowed(String method, String allowed) {
        return new Problem(
                405, method + " is not allowed here; use " + allowed, Headers.of(Fields.ALLOW.toString(), allowed));
    }

    Response response() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("title", Status.reason(status));
        members.put("status", status);
        members.put("detail", detail);
        Response response = Answers.of(status, "application/problem+json", Json.write(members));
        return response.withHeaders(
                response.headers().toBuilder().addAll(headers).build());
    }
}
