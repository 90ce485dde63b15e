package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A cookie of the gateway's own that a client is given with a response of the origin's. Whoever shares such a response gives others
 * the cookie (RFC 9111 §7.3): nobody is to.
 */
public final class OwnCookie {
    private static final FieldName FOR_SOME_CACHES = FieldName.of("-Cache-Control");

    private OwnCookie() {}

    /**
     * Whether {@code response} says itself that everybody may have it: a cookie would take it out of the caches in front of us, and
     * is not needed for it. What says nothing is for its client: that a cache may guess (RFC 9111 §4.2.2) makes it nobody else's.
     */
    public static boolean isForAll(Request request, Response response, Instant now) {
        if (!request.is("GET") && !request.is("HEAD")) {
            return false;
        }
        Headers headers = response.headers();
        CacheRules.Lifetimes stated = CacheRules.Lifetimes.FROM_RESPONSE;
        Governing control = Governing.of(stated, headers, now);
        if (control.isPrivate() || control.has("no-store") || control.isNoCache()) {
            return false;
        }
        Freshness freshness = Freshness.of(stated, response.status(), headers, control, now);
        return control.has("public") || (freshness.origin().isExplicit() && freshness.lifetime() > 0);
    }

    /** {@code response}, with which its client is given {@code cookie}, and which is for nobody else. */
    public static Response given(Response response, String cookie) {
        Headers headers = response.headers();
        List<String> directives = new ArrayList<>(FieldList.of(headers, Fields.CACHE_CONTROL));
        directives.removeIf(OwnCookie::isForShared);
        if (!directives.contains("private")) {
            directives.add("private");
        }
        Headers rest = headers.keeping(
                i -> !SurrogateFields.CONTROLS.include(headers, i) && !headers.nameEndsWith(i, FOR_SOME_CACHES));
        return response.withHeaders(rest.with(Fields.CACHE_CONTROL, String.join(", ", directives)))
                .adding(Headers.builder().add(Fields.SET_COOKIE, cookie).build());
    }

    private static boolean isForShared(String directive) {
        return directive.equalsIgnoreCase("public") || directive.regionMatches(true, 0, "s-maxage", 0, 8);
    }
}
