package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.http.FieldName;
import io.larder.http.Query;
import io.larder.http.Request;
import io.larder.policy.Cookies;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of a request, as its server sees it, decides which server that is. */
public sealed interface HashBy {
    /** Its path. */
    record Path() implements HashBy {}

    /** The address of its client, as far as it can be trusted. */
    record ClientIp() implements HashBy {}

    /** A field of its header. */
    record Header(FieldName name) implements HashBy {}

    /** A cookie. */
    record Cookie(String name) implements HashBy {}

    /** A parameter of its query. */
    record Parameter(String name) implements HashBy {}

    /** The text that decides; null for a request that has none, and may go anywhere. */
    default @Nullable String of(Request request, Exchange exchange) {
        return switch (this) {
            case Path path -> request.target().path();
            case ClientIp clientIp -> exchange.client().address();
            case Header(FieldName name) -> request.headers().combined(name);
            case Cookie(String name) -> Cookies.value(request.headers(), name);
            case Parameter(String name) -> parameter(request, name);
        };
    }

    private static @Nullable String parameter(Request request, String name) {
        for (Map.Entry<String, String> each : Query.parameters(request.target().query())) {
            if (each.getKey().equals(name)) {
                return each.getValue();
            }
        }
        return null;
    }
}
