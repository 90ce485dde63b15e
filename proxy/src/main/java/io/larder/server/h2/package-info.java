/** HTTP/2 with clients (RFC 9113). */
@NullMarked
package io.larder.server.h2;

import org.jspecify.annotations.NullMarked;
