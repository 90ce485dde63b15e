package io.larder.http;

import java.util.ArrayList;
import java.util.List;

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

    /** The fields that go no further, whoever wrote them; those that a request nominates are gone when it is received. */
    public static FieldNames always() {
        return ALWAYS;
    }

    /**
     * {@code request} without what its client nominates: no origin sees those fields, so that no route may be chosen, and
     * nothing be keyed or selected, by them. What is always hop-by-hop stays, for those who answer it.
     */
    public static Request withoutNominated(Request request) {
        Headers headers = request.headers();
        FieldNames nominated = nominated(headers);
        return nominated.includeAnyOf(headers)
                ? request.withHeaders(headers.keeping(i -> !nominated.include(headers, i)
                        || ALWAYS.include(headers, i)
                        || NEVER_NOMINATED.include(headers, i)))
                : request;
    }

    /**
     * The names of lines of {@code headers} that its {@code Connection} nominates. So their number is bounded by that of the
     * lines, however many options a peer makes up.
     */
    public static FieldNames nominated(Headers headers) {
        int line = headers.indexOf(Fields.CONNECTION, 0);
        if (line < 0 || saysOnly(headers, line, "keep-alive") || saysOnly(headers, line, "close")) {
            return FieldNames.NONE;
        }
        List<FieldName> names = new ArrayList<>();
        for (String option : FieldList.of(headers, Fields.CONNECTION)) {
            FieldName name = Grammar.isToken(option) ? FieldName.of(option) : null;
            if (name != null && headers.contains(name) && !names.contains(name)) {
                names.add(name);
            }
        }
        return FieldNames.of(names);
    }

    /** Whether {@code Connection}, which begins on {@code line}, is this one option, as peers mostly write it. */
    private static boolean saysOnly(Headers headers, int line, String option) {
        return headers.valueIsAnyCase(line, option) && headers.indexOf(Fields.CONNECTION, line + 1) < 0;
    }
}
