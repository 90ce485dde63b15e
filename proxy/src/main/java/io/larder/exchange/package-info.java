/** One request in flight: its loop, its deadline, who asked, who answers, how it fails, what is told of it. */
@NullMarked
package io.larder.exchange;

import org.jspecify.annotations.NullMarked;
