package io.larder.admin;

import io.larder.exchange.Problem;
import io.larder.exchange.RequestId;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;

/** A call that is not carried out, and why. Stackless: it is an outcome, not a bug. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;
    private final transient Headers headers;

    private Refused(int status, String detail, Headers headers) {
        super(detail, null, false, false);
        this.status = status;
        this.detail = detail;
        this.headers = headers;
    }

    /** @param detail what is wrong and what would be right; holds nothing secret */
    static Refused of(int status, String detail) {
        return new Refused(status, detail, Headers.EMPTY);
    }

    /** 401: a token is asked for (RFC 6750 §3). */
    static Refused unauthorized(String detail) {
        return new Refused(401, detail, Headers.of("WWW-Authenticate", "Bearer realm=\"larder\""));
    }

    /** 405 with the methods that are allowed (RFC 9110 §15.5.6). */
    static Refused methodNotAllowed(String method, String allowed) {
        return new Refused(
                405, method + " is not allowed here; use " + allowed, Headers.of(Fields.ALLOW.toString(), allowed));
    }

    /** The problem document that tells the caller. */
    Response response(RequestId id) {
        return Problem.json(
                status, detail, id, Answers.NOSNIFF.toBuilder().addAll(headers).build());
    }
}
