/** The operators' API, on a listener of its own: metrics, health, state, purges. */
@NullMarked
package io.larder.admin;

import org.jspecify.annotations.NullMarked;
