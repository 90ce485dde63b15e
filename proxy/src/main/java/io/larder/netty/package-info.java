/** What both sides of the gateway share of Netty: the transport, the loops, reading heads, handing bytes over. */
@NullMarked
package io.larder.netty;

import org.jspecify.annotations.NullMarked;
