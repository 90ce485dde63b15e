package io.larder.gateway;

/**
 * How much a response says about what the cache did.
 *
 * @param cacheStatus the {@code Cache-Status} field (RFC 9211)
 * @param xCache the {@code X-Cache} field, for those who look for it
 * @param surrogateFields whether clients see the fields that speak to a surrogate alone
 */
public record Report(Detail cacheStatus, boolean xCache, boolean surrogateFields) {
    /** How much {@code Cache-Status} says. */
    public enum Detail {
        OFF,
        ON,
        /** Also the key. */
        DEBUG
    }

    /** The same for a layer that speaks to another one of ours: what is for gateways is for it. */
    Report forLayers() {
        return new Report(cacheStatus, xCache, true);
    }
}
