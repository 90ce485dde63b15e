/** HTTP's words as immutable values, and their grammar (RFC 9110, RFC 9112). */
@NullMarked
package io.larder.http;

import org.jspecify.annotations.NullMarked;
