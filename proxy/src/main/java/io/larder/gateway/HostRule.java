package io.larder.gateway;

import io.larder.http.Request;
import org.jspecify.annotations.Nullable;

/** Which Host field an origin gets. */
public sealed interface HostRule {
    /** The one the client sent. */
    record Preserve() implements HostRule {}

    /** The address of the server that is picked; it is filled in where the server is known. */
    record Server() implements HostRule {}

    /** Always this one. */
    record Literal(String value) implements HostRule {}

    /** The value for {@code request}; null where whoever picks the server is to name it. */
    default @Nullable String valueFor(Request request) {
        return switch (this) {
            case Preserve preserve ->
                request.target().authority().isNone()
                        ? null
                        : request.target().authority().toString();
            case Server server -> null;
            case Literal(String value) -> value;
        };
    }
}
