package io.larder.cli.demo;

import io.larder.exchange.Shared;

/** The switch that breaks all instances of the shop at once. */
@Shared
public final class Fault {
    private volatile boolean on;

    boolean isOn() {
        return on;
    }

    void set(boolean broken) {
        on = broken;
    }
}
