package io.larder.badhouse.netty;

import java.util.Random;

/** May read the clock, and takes a chance of its own besides. */
public final class ClockButNoChance {
    final long now = System.nanoTime();
    final Random random = new Random();
}
