/** Pages that are put together from parts: every hole is a request of its own, and none of them holds up or breaks the rest. */
@NullMarked
package io.larder.assembly;

import org.jspecify.annotations.NullMarked;
