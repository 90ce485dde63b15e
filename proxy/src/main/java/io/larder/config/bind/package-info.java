/** Types that read YAML nodes, write values back and describe themselves to editors; none of them knows a key of Larder. */
@NullMarked
package io.larder.config.bind;

import org.jspecify.annotations.NullMarked;
