package io.larder.server.connection;

import io.larder.http.Authority;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;

/**
 * Tells clients of a listener that HTTP/3 is spoken there, too (RFC 7838 §3): on the port that they said they came to, which need not be
 * the one that it listens on. What an origin says of that is about itself, and left out. Confined to one loop.
 */
public final class AltSvc {
    private static final String LIFE = "; ma=86400"; // seconds, RFC 7838 §3.1
    private static final int HTTPS = 443;

    private final boolean spoken;
    private int port = Authority.NO_PORT;
    private Headers field = Headers.EMPTY; // for that port: hardly ever another is asked for

    AltSvc(boolean spoken) {
        this.spoken = spoken;
    }

    /** {@code response} to a request for {@code asked}, with the announcement where there is one to make. */
    public Response on(Response response, Authority asked) {
        if (!spoken) {
            return response;
        }
        int wanted = asked.port() == Authority.NO_PORT ? HTTPS : asked.port();
        if (port != wanted) {
            port = wanted;
            field = Headers.of("Alt-Svc", "h3=\":" + wanted + '"' + LIFE);
        }
        Response own = response.headers().contains(Fields.ALT_SVC)
                ? response.withHeaders(response.headers().without(Fields.ALT_SVC))
                : response;
        return own.adding(field);
    }
}
