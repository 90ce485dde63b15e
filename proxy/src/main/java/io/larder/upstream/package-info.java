/** The servers behind the gateway: choosing one, keeping connections to it, putting a request to it and reading what it answers. */
@NullMarked
package io.larder.upstream;

import org.jspecify.annotations.NullMarked;
