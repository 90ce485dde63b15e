/** TLS of a listener: which certificate goes with which name, tickets, and what a handshake comes to. */
@NullMarked
package io.larder.server.tls;

import org.jspecify.annotations.NullMarked;
