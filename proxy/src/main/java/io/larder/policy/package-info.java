/** What a shared cache may store, reuse, validate and must drop (RFC 9111), as pure functions from values to named outcomes. */
@NullMarked
package io.larder.policy;

import org.jspecify.annotations.NullMarked;
