/** What the gateway would do with a described request, step by step, asked of the same pure functions that the proxy asks. */
@NullMarked
package io.larder.whatif;

import org.jspecify.annotations.NullMarked;
