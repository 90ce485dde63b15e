/** Which site and which rules a request falls under: compiled once, immutable, searched for every request. */
@NullMarked
package io.larder.route;

import org.jspecify.annotations.NullMarked;
