/** The path of a request through the layers, each one concern around the next {@link io.larder.exchange.Handler}. */
@NullMarked
package io.larder.gateway;

import org.jspecify.annotations.NullMarked;
