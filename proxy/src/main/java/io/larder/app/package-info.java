/** The composition root: configuration records become live objects here, are started, and are stopped. */
@NullMarked
package io.larder.app;

import org.jspecify.annotations.NullMarked;
