package io.larder.http;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Which fields of a request are for this connection only (RFC 9110 §7.6.1). */
public final class HopByHop {
    private static final FieldNames ALWAYS = FieldNames.of(
            Fields.CONNECTION,
            Fields.KEEP_ALIVE,
            Fields.PROXY_CONNECTION,
            Fields.PROXY_AUTHENTICATE,
            Fields.PROXY_AUTHORIZATION,
            Fields.TE,
            Fields.TRAILER,
            Fields.TRANSFER_ENCODING,
            Fields.UPGRADE,
            Fields.EXPECT);

    // a client that nominates these would make the origin see another request than the one we decided on
    private static final FieldNames NEVER_NOMINATED = FieldNames.of(
            Fields.HOST,
            Fields.CONTENT_LENGTH,
            Fields.CACHE_CONTROL,
            Fields.AUTHORIZATION,
            Fields.COOKIE,
            Fields.FORWARDED,
            Fields.X_FORWARDED_FOR,
            Fields.X_FORWARDED_HOST,
            Fields.X_FORWARDED_PROTO);

    private HopByHop() {}

    /** The names of the fields of {@code headers} that go no further. */
    public static FieldNames names(Headers headers) {
        List<FieldName> nominated = nominated(headers);
        return nominated.isEmpty() ? ALWAYS : ALWAYS.with(nominated);
    }

    /**
     * {@code request} without what its client nominates: no origin sees those fields, so that no route may be chosen, and
     * nothing be keyed or selected, by them. What is always hop-by-hop stays, for those who answer it.
     */
    public static Request withoutNominated(Request request) {
        List<FieldName> nominated = nominated(request.headers());
        if (nominated.isEmpty()) {
            return request;
        }
        return request.withHeaders(request.headers().without(FieldNames.of(nominated)));
    }

    private static List<FieldName> nominated(Headers headers) {
        int line = headers.indexOf(Fields.CONNECTION, 0);
        boolean sole = line >= 0 && headers.indexOf(Fields.CONNECTION, line + 1) < 0;
        if (line < 0
                || (sole && (headers.valueIsAnyCase(line, "keep-alive") || headers.valueIsAnyCase(line, "close")))) {
            return List.of();
        }
        String options = Objects.requireNonNull(headers.combined(Fields.CONNECTION));
        List<String> texts =
                Arrays.stream(options.split(",", -1)).map(String::strip).toList();
        List<FieldName> names = FieldNames.nominated(headers, texts);
        names.removeIf(name -> ALWAYS.include(name) || NEVER_NOMINATED.include(name));
        return names;
    }
}
