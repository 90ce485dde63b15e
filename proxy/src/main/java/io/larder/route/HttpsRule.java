package io.larder.route;

import io.larder.http.Authority;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a site does about clients who come in the clear, and says to those who do not. A request comes over TLS where its
 * target's scheme is {@code https}: by our own connection, or by the word of a trusted proxy.
 *
 * @param redirect whether the former are sent to {@code https}
 * @param hsts for how long browsers never come in the clear again (RFC 6797); null: nothing is said about it
 */
public record HttpsRule(boolean redirect, @Nullable Duration hsts) {
    /** Nothing is done or said. */
    public static final HttpsRule NONE = new HttpsRule(false, null);

    /**
     * The status of the redirect (RFC 9110 §15.4.9): the one that is for good, and leaves the method and the content as they
     * are. 301 turns a form that is posted into a GET.
     */
    public static final int STATUS = 308;

    /** Below it an authority asks whether a name is ours (RFC 8555 §8.3), in the clear. */
    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    /**
     * Where the client of {@code request} is sent: the same URL under {@code https}, on its usual port; null: nowhere.
     *
     * @param route that takes it; null where none does
     */
    public @Nullable Target redirected(Request request, @Nullable Route route) {
        Target target = request.target();
        boolean stays = !redirect
                || isSecure(request)
                || target.authority().host().isEmpty()
                || !target.path().startsWith("/")
                || isForChallenges(route);
        Authority host = new Authority(target.authority().host(), Authority.NO_PORT);
        return stays ? null : target.withScheme("https").withAuthority(host);
    }

    private static boolean isForChallenges(@Nullable Route route) {
        return route != null && route.path().toString().startsWith(CHALLENGES);
    }

    /** What browsers are told about the time to come; null: nothing. Over TLS alone (RFC 6797 §7.2). */
    public @Nullable String told(Request request) {
        return hsts == null || !isSecure(request) ? null : "max-age=" + hsts.toSeconds();
    }

    private static boolean isSecure(Request request) {
        return request.target().scheme().equals("https");
    }
}
