package io.larder.balance;

/**
 * A server that may be picked.
 *
 * @param address as configured, e.g. {@code 127.0.0.1:8000}; unique in its upstream
 * @param weight its share relative to its siblings, at least 1
 * @param priority 0 for those that come first; a server of a higher number gets requests only while none of a lower one
 *     is usable
 */
public record Endpoint(String address, int weight, int priority) {
    public Endpoint {
        if (weight < 1 || weight > 1_000_000) {
            throw new IllegalArgumentException("weight of " + address + " is not between 1 and 1000000");
        }
        if (priority < 0) {
            throw new IllegalArgumentException("priority of " + address + " is negative");
        }
    }

    /** A server of weight 1 that comes first. */
    public static Endpoint of(String address) {
        return new Endpoint(address, 1, 0);
    }

    /** Whether it is only used in place of others. */
    public boolean isBackup() {
        return priority > 0;
    }
}
