package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Has browsers be careful with every response, stored ones and errors included, but for what an origin says itself. Only fields that leave applications
 * as they are: none that would keep pages from what they load, open or ask their visitors for.
 */
final class SecurityHeaders implements Handler {
    private static final FieldName TYPES = FieldName.of("X-Content-Type-Options");
    private static final FieldName FRAMES = FieldName.of("X-Frame-Options");
    private static final FieldName REFERRERS = FieldName.of("Referrer-Policy");
    private static final FieldName CONTENT_POLICY = FieldName.of("Content-Security-Policy");

    private final Handler next;

    SecurityHeaders(Handler next) {
        this.next = next;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return next.handle(request, exchange).thenApply(SecurityHeaders::secured);
    }

    /**
     * A 304 is left alone: what it says takes the place of what the client has stored (RFC 9111 §3.2), and that may be the
     * origin's own.
     */
    private static Response secured(Response response) {
        return response.status() == 304 ? response : response.withHeaders(secured(response.headers()));
    }

    static Headers secured(Headers headers) {
        var more = headers.toBuilder();
        if (!headers.contains(TYPES)) {
            more.add(TYPES, "nosniff");
        }
        if (!headers.contains(FRAMES) && !saysWhoMayFrame(headers)) {
            more.add(FRAMES, "SAMEORIGIN");
        }
        if (!headers.contains(REFERRERS)) {
            more.add(REFERRERS, "strict-origin-when-cross-origin");
        }
        return more.build();
    }

    /** Who may show a page in a frame stands in its policy, of which old browsers know nothing (CSP 3 §6.4.2). */
    private static boolean saysWhoMayFrame(Headers headers) {
        String policy = headers.combined(CONTENT_POLICY);
        return policy != null && policy.toLowerCase(Locale.ROOT).contains("frame-ancestors");
    }
}
