package io.larder.assembly;

import io.larder.exchange.Handler;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all pages have in common to be put together with.
 *
 * @param prepared what was worked out before
 * @param worker runs what takes longer than a loop may be held up; never a loop itself
 * @param random that nobody can foretell; safe for use from all loops
 * @param fragments takes requests for fragments: a gateway, which treats them as it treats any other
 */
public record Materials(Prepared prepared, Executor worker, RandomGenerator random, Handler fragments) {}
