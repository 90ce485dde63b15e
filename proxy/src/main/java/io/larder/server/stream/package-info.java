/** Requests on streams, whatever carries those: the judgement on their heads, their content, and their delivery. */
@NullMarked
package io.larder.server.stream;

import org.jspecify.annotations.NullMarked;
