package io.larder.assembly;

import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.Cookies;
import io.larder.policy.FormMask;
import io.larder.route.Claims;
import org.jspecify.annotations.Nullable;

/**
 * The requests for a page's fragments: what the page's own request says of the visitor and his browser, and nothing that it says
 * of the page. Whether a fragment gets cookies and credentials, its route decides. Confined to one page.
 */
final class FragmentRequest {
    /** They are about the page's content, its validators, or the connection that it was asked on. */
    private static final FieldNames OF_THE_PAGE = FieldNames.of(
            Fields.ACCEPT_ENCODING,
            Fields.RANGE,
            Fields.IF_MATCH,
            Fields.IF_MODIFIED_SINCE,
            Fields.IF_NONE_MATCH,
            Fields.IF_RANGE,
            Fields.IF_UNMODIFIED_SINCE,
            Fields.CONTENT_TYPE,
            Fields.CONTENT_LANGUAGE,
            Fields.CONTENT_ENCODING,
            Fields.CONTENT_LOCATION,
            Fields.EXPECT,
            Fields.MAX_FORWARDS,
            Fields.TE,
            Fields.TRAILER,
            Fields.UPGRADE,
            FieldName.of("Origin"),
            FieldName.of("Content-Digest"),
            FieldName.of("Digest"));

    /** They show who the visitor is, to those whom he showed it. */
    private static final FieldNames OF_THE_VISITOR = FieldNames.of(
            Fields.COOKIE,
            Fields.AUTHORIZATION,
            Fields.PROXY_AUTHORIZATION,
            Fields.REFERER,
            Fields.HOST,
            Fields.FORWARDED,
            Fields.X_FORWARDED_HOST);

    private final Request page;
    private final @Nullable String secret;
    private @Nullable Headers inherited;

    /** @param secret of the visitor's forms, which he may not have been given yet; null where the page is not about forms */
    FragmentRequest(Request page, @Nullable String secret) {
        this.page = page;
        this.secret = secret;
    }

    /** The request for {@code target}. */
    Request of(FragmentTarget.Allowed target) {
        Headers own = inherited;
        if (own == null) {
            own = withSecret(Claims.withoutUrls(page.headers().without(OF_THE_PAGE)));
            inherited = own;
        }
        return Request.get(target.target(), target.foreign() ? elsewhere(own, target.target()) : own);
    }

    /** A part that is made for this visitor must be made for the forms that he is given with the page. */
    private Headers withSecret(Headers headers) {
        return secret == null ? headers : Cookies.with(headers, FormMask.COOKIE, secret);
    }

    private static Headers elsewhere(Headers own, Target target) {
        return own.without(OF_THE_VISITOR).with(Fields.HOST, target.authority().toString());
    }
}
