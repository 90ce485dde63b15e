package io.larder.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which fields of a request are for this connection only (RFC 9110 §7.6.1). */
public final class HopByHop {
    private static final List<FieldName> ALWAYS = List.of(
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
    private static final Set<FieldName> NEVER_NOMINATED = Set.of(
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
    public static List<FieldName> names(Headers headers) {
        List<FieldName> nominated = nominated(headers);
        if (nominated.isEmpty()) {
            return ALWAYS;
        }
        List<FieldName> names = new ArrayList<>(ALWAYS);
        names.addAll(nominated);
        return names;
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
        Headers rest = request.headers();
        for (FieldName name : nominated) {
            rest = rest.without(name);
        }
        return request.withHeaders(rest);
    }

    private static List<FieldName> nominated(Headers headers) {
        String options = headers.combined(Fields.CONNECTION);
        if (options == null || options.equalsIgnoreCase("keep-alive") || options.equalsIgnoreCase("close")) {
            return List.of();
        }
        List<FieldName> names = new ArrayList<>();
        for (String option : options.split(",", -1)) {
            String text = option.strip();
            FieldName name = Grammar.isToken(text) ? FieldName.of(text) : Fields.CONNECTION;
            if (!ALWAYS.contains(name) && !NEVER_NOMINATED.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
