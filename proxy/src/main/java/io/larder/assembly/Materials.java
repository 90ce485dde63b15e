package io.larder.assembly;

import io.larder.exchange.Handler;
import java.util.concurrent.Executor;

/**
 * What all pages have in common to be put together with.
 *
 * @param prepared what was worked out before
 * @param worker runs what takes longer than a loop may be held up; never a loop itself
 * @param fragments takes requests for fragments: a gateway, which treats them as it treats any other
 */
public record Materials(Prepared prepared, Executor worker, Handler fragments) {}
