/** Where servers are looked for: in DNS, in a file, in Kubernetes; each source tells its whole list whenever it has changed. */
@NullMarked
package io.larder.upstream.discovery;

import org.jspecify.annotations.NullMarked;
