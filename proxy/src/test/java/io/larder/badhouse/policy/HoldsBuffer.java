package io.larder.badhouse.policy;

import io.netty.buffer.ByteBuf;

/** Holds a counted buffer inside the door. */
public record HoldsBuffer(ByteBuf buffer) {}
