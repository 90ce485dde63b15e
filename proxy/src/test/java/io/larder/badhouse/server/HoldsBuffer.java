package io.larder.badhouse.server;

import io.netty.buffer.ByteBuf;

/** Holds a counted buffer where that is allowed. */
public record HoldsBuffer(ByteBuf buffer) {}
