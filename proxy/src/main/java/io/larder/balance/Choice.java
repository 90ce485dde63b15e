package io.larder.balance;

import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * For whom, and when, a server is picked.
 *
 * @param hash of what keeps requests together ({@link ConsistentHash}); any number where nothing does
 * @param panicBelow the share of usable servers, from 0 to 1, below which nobody's health is believed and all are used; 0:
 *     it always is
 * @param excluded those that have failed this request already
 * @param nanos the present, on the loop's clock
 * @param random answers a number from 0 (inclusive) to its argument (exclusive)
 */
public record Choice(long hash, double panicBelow, Set<Endpoint> excluded, long nanos, IntUnaryOperator random) {}
