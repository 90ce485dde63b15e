package io.larder.balance;

/**
 * A server that may be picked.
 *
 * @param address as configured, e.g. {@code 127.0.0.1:8000}; unique in its upstream
 * @param weight its share relative to its siblings, at least 1
 * @param backup gets requests only while no server that is not a backup is usable
 */
public record Endpoint(String address, int weight, boolean backup) {
    public Endpoint {
        if (weight < 1 || weight > 1_000_000) {
            throw new IllegalArgumentException("weight of " + address + " is not between 1 and 1000000");
        }
    }

    /** A server of weight 1 that is no backup. */
    public static Endpoint of(String address) {
        return new Endpoint(address, 1, false);
    }
}
