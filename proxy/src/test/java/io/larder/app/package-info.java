/** Tries whole gateways: how they start, serve many at once, and stop. */
@NullMarked
package io.larder.app;

import org.jspecify.annotations.NullMarked;
