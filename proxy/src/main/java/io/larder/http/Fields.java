package io.larder.http;

/** The field names that Larder itself reads or writes. */
public final class Fields {
    public static final FieldName AGE = FieldName.of("Age");
    public static final FieldName ACCEPT = FieldName.of("Accept");
    public static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");
    public static final FieldName ACCEPT_LANGUAGE = FieldName.of("Accept-Language");
    public static final FieldName ALLOW = FieldName.of("Allow");
    public static final FieldName ALT_SVC = FieldName.of("Alt-Svc");
    public static final FieldName AUTHORIZATION = FieldName.of("Authorization");
    public static final FieldName CACHE_CONTROL = FieldName.of("Cache-Control");
    public static final FieldName CACHE_STATUS = FieldName.of("Cache-Status");
    public static final FieldName CDN_CACHE_CONTROL = FieldName.of("CDN-Cache-Control");
    public static final FieldName CONNECTION = FieldName.of("Connection");
    public static final FieldName CONTENT_ENCODING = FieldName.of("Content-Encoding");
    public static final FieldName CONTENT_LANGUAGE = FieldName.of("Content-Language");
    public static final FieldName CONTENT_LENGTH = FieldName.of("Content-Length");
    public static final FieldName CONTENT_LOCATION = FieldName.of("Content-Location");
    public static final FieldName CONTENT_RANGE = FieldName.of("Content-Range");
    public static final FieldName CONTENT_TYPE = FieldName.of("Content-Type");
    public static final FieldName COOKIE = FieldName.of("Cookie");
    public static final FieldName DATE = FieldName.of("Date");
    public static final FieldName ETAG = FieldName.of("ETag");
    public static final FieldName EXPECT = FieldName.of("Expect");
    public static final FieldName EXPIRES = FieldName.of("Expires");
    public static final FieldName FORWARDED = FieldName.of("Forwarded");
    public static final FieldName HOST = FieldName.of("Host");
    public static final FieldName IF_MATCH = FieldName.of("If-Match");
    public static final FieldName IF_MODIFIED_SINCE = FieldName.of("If-Modified-Since");
    public static final FieldName IF_NONE_MATCH = FieldName.of("If-None-Match");
    public static final FieldName IF_RANGE = FieldName.of("If-Range");
    public static final FieldName IF_UNMODIFIED_SINCE = FieldName.of("If-Unmodified-Since");
    public static final FieldName KEEP_ALIVE = FieldName.of("Keep-Alive");
    public static final FieldName LAST_MODIFIED = FieldName.of("Last-Modified");
    public static final FieldName LOCATION = FieldName.of("Location");
    public static final FieldName MAX_FORWARDS = FieldName.of("Max-Forwards");
    public static final FieldName NO_VARY_SEARCH = FieldName.of("No-Vary-Search");
    public static final FieldName PRAGMA = FieldName.of("Pragma");
    public static final FieldName PROXY_AUTHENTICATE = FieldName.of("Proxy-Authenticate");
    public static final FieldName PROXY_AUTHENTICATION_INFO = FieldName.of("Proxy-Authentication-Info");
    public static final FieldName PROXY_AUTHORIZATION = FieldName.of("Proxy-Authorization");
    public static final FieldName PROXY_CONNECTION = FieldName.of("Proxy-Connection");
    public static final FieldName PROXY_STATUS = FieldName.of("Proxy-Status");
    public static final FieldName RANGE = FieldName.of("Range");
    public static final FieldName RETRY_AFTER = FieldName.of("Retry-After");
    public static final FieldName SERVER = FieldName.of("Server");
    public static final FieldName SET_COOKIE = FieldName.of("Set-Cookie");
    public static final FieldName SURROGATE_CAPABILITY = FieldName.of("Surrogate-Capability");
    public static final FieldName SURROGATE_CONTROL = FieldName.of("Surrogate-Control");
    public static final FieldName TE = FieldName.of("TE");
    public static final FieldName TRAILER = FieldName.of("Trailer");
    public static final FieldName TRANSFER_ENCODING = FieldName.of("Transfer-Encoding");
    public static final FieldName UPGRADE = FieldName.of("Upgrade");
    public static final FieldName USER_AGENT = FieldName.of("User-Agent");
    public static final FieldName REFERER = FieldName.of("Referer");
    public static final FieldName VARY = FieldName.of("Vary");
    public static final FieldName VIA = FieldName.of("Via");
    public static final FieldName X_ACCEL_EXPIRES = FieldName.of("X-Accel-Expires");
    public static final FieldName X_CACHE = FieldName.of("X-Cache");
    public static final FieldName X_FORWARDED_FOR = FieldName.of("X-Forwarded-For");
    public static final FieldName X_FORWARDED_HOST = FieldName.of("X-Forwarded-Host");
    public static final FieldName X_FORWARDED_PROTO = FieldName.of("X-Forwarded-Proto");
    public static final FieldName X_REQUEST_ID = FieldName.of("X-Request-ID");

    private Fields() {}
}
