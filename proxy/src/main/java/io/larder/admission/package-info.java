/** Who is let in, and how often: addresses, rates, passwords and tokens, as pure functions over values. */
@NullMarked
package io.larder.admission;

import org.jspecify.annotations.NullMarked;
