/** The PROXY protocol: what a load balancer says of its client before that speaks. */
@NullMarked
package io.larder.server.proxyprotocol;

import org.jspecify.annotations.NullMarked;
