/** Several real Larder processes and real Redis servers, to which everything happens that may: no promise is broken. */
@NullMarked
package io.larder.faults;

import org.jspecify.annotations.NullMarked;
