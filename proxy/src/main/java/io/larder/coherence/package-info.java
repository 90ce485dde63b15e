/** Which purges there were, in which order, and what they cover: pure rules that decide whether something stored still counts. */
@NullMarked
package io.larder.coherence;

import org.jspecify.annotations.NullMarked;
