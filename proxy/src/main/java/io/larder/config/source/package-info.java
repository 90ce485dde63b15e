/** What was written, where it was written, and what is wrong with it. */
@NullMarked
package io.larder.config.source;

import org.jspecify.annotations.NullMarked;
