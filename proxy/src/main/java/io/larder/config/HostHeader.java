package io.larder.config;

/** A value: the Host that servers see. */
public sealed interface HostHeader {
    /** The client's own. */
    record Preserve() implements HostHeader {}

    /** The address of the server that was picked. */
    record Upstream() implements HostHeader {}

    /** Always this one. */
    record Literal(String host) implements HostHeader {}
}
