package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Inclusion;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.DjangoToken;
import io.larder.policy.FormMask;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * By which Django knows a visitor's forms: what his cookie holds, or what it is going to.
 *
 * @param fresh whether he has to be given it
 */
record Secret(String value, boolean fresh) {
    /** As Django sets the cookie where nobody has told it otherwise. */
    private static final String ATTRIBUTES = "; Max-Age=31449600; Path=/; SameSite=Lax";

    /** That of who asks for a page; a page's fragments have the page's. */
    static @Nullable Secret of(Request request, Response response, Exchange exchange, RandomGenerator random) {
        Inclusion inclusion = exchange.inclusion();
        if (inclusion != null) {
            String pages = inclusion.secret();
            return pages == null ? null : new Secret(pages, false);
        }
        FormMask.Cookie set = FormMask.Cookie.of(response.headers()).orElse(null);
        if (set != null) {
            return new Secret(set.secret(), false); // the page brings it itself
        }
        String his = FormMask.secret(request.headers());
        return his == null ? new Secret(DjangoToken.freshSecret(random), true) : new Secret(his, false);
    }

    /** The {@code Set-Cookie} that gives it to him. */
    String cookie(@Nullable FormMask mask, Request request) {
        String secure = request.target().scheme().equals("https") ? "; Secure" : "";
        return mask == null ? new FormMask("", ATTRIBUTES + secure).cookie(value) : mask.cookie(value);
    }
}
