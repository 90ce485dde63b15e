/** Redis as Larder uses it: a small interface of commands, and the one place that knows Lettuce. */
@NullMarked
package io.larder.store.redis;

import org.jspecify.annotations.NullMarked;
