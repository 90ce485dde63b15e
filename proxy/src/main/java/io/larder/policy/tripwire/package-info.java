/** Looks through bodies for signs that they were made for one visitor. */
@NullMarked
package io.larder.policy.tripwire;

import org.jspecify.annotations.NullMarked;
