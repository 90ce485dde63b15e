package io.larder.gateway;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which fields of a request are for this connection only (RFC 9110 §7.6.1). */
final class HopByHop {
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
    static List<FieldName> names(Headers headers) {
        String options = headers.combined(Fields.CONNECTION);
        if (options == null) {
            return ALWAYS;
        }
        List<FieldName> names = new ArrayList<>(ALWAYS);
        for (String option : options.split(",", -1)) {
            String name = option.strip();
            if (Grammar.isToken(name) && !NEVER_NOMINATED.contains(FieldName.of(name))) {
                names.add(FieldName.of(name));
            }
        }
        return names;
    }
}
