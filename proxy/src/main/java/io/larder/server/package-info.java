/** The client's side: accepts connections, reads requests from them strictly, writes responses to them. */
@NullMarked
package io.larder.server;

import org.jspecify.annotations.NullMarked;
