/** HTTP/1.1 with clients (RFC 9112). */
@NullMarked
package io.larder.server.h1;

import org.jspecify.annotations.NullMarked;
