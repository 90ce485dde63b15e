/** What tests of several packages share. */
@NullMarked
package io.larder.testing;

import org.jspecify.annotations.NullMarked;
