/** Plays what {@code src/test/resources/scenarios} describes to a whole gateway, over real sockets. */
@NullMarked
package io.larder.scenario;

import org.jspecify.annotations.NullMarked;
