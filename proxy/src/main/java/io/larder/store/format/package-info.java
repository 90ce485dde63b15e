/** How stored responses and purges are written where other nodes read them. Pure: octets to values and back. */
@NullMarked
package io.larder.store.format;

import org.jspecify.annotations.NullMarked;
