/** Certificates, their keys and what is said of them, read out of files and judged. Knows neither sockets nor TLS. */
@NullMarked
package io.larder.pki;

import org.jspecify.annotations.NullMarked;
