package io.larder.http;

import java.util.Set;

/** What may stand in a trailer section (RFC 9110 §6.5.1): nothing that frames, routes, authenticates or describes. */
public final class Trailers {
    private static final Set<FieldName> FORBIDDEN = Set.of(
            Fields.AGE,
            Fields.AUTHORIZATION,
            Fields.CACHE_CONTROL,
            Fields.CONNECTION,
            Fields.CONTENT_ENCODING,
            Fields.CONTENT_LENGTH,
            Fields.CONTENT_LOCATION,
            Fields.CONTENT_RANGE,
            Fields.CONTENT_TYPE,
            Fields.COOKIE,
            Fields.DATE,
            Fields.EXPECT,
            Fields.EXPIRES,
            Fields.FORWARDED,
            Fields.HOST,
            Fields.IF_MATCH,
            Fields.IF_MODIFIED_SINCE,
            Fields.IF_NONE_MATCH,
            Fields.IF_RANGE,
            Fields.IF_UNMODIFIED_SINCE,
            Fields.KEEP_ALIVE,
            Fields.LOCATION,
            Fields.MAX_FORWARDS,
            Fields.PRAGMA,
            Fields.PROXY_AUTHENTICATE,
            Fields.PROXY_AUTHENTICATION_INFO,
            Fields.PROXY_AUTHORIZATION,
            Fields.PROXY_CONNECTION,
            Fields.RANGE,
            Fields.RETRY_AFTER,
            Fields.SET_COOKIE,
            Fields.TE,
            Fields.TRAILER,
            Fields.TRANSFER_ENCODING,
            Fields.UPGRADE,
            Fields.VARY,
            Fields.VIA,
            FieldName.of("WWW-Authenticate"),
            Fields.X_FORWARDED_FOR,
            Fields.X_FORWARDED_HOST,
            Fields.X_FORWARDED_PROTO,
            Fields.X_REQUEST_ID);

    private Trailers() {}

    /** The fields of {@code trailers} that may be passed on as such; the others are dropped, never merged. */
    public static Headers allowed(Headers trailers) {
        return trailers.isEmpty() ? trailers : trailers.keeping(i -> !isForbidden(trailers, i));
    }

    private static boolean isForbidden(Headers trailers, int i) {
        return FORBIDDEN.contains(FieldName.of(trailers.name(i)));
    }
}
