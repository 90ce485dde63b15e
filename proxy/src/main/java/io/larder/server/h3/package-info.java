/** HTTP/3 with clients (RFC 9114). */
@NullMarked
package io.larder.server.h3;

import org.jspecify.annotations.NullMarked;
