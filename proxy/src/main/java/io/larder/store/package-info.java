/** Where stored responses are kept: tiers that are bounded, purged, and never block a loop. */
@NullMarked
package io.larder.store;

import org.jspecify.annotations.NullMarked;
