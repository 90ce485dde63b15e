/** The sample shop of {@code larder demo}: a small web application to put the gateway in front of. */
@NullMarked
package io.larder.cli.demo;

import org.jspecify.annotations.NullMarked;
