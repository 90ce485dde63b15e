/** What {@code scripts/bench} measures Larder against when no other program will do. */
@NullMarked
package io.larder.bench;

import org.jspecify.annotations.NullMarked;
