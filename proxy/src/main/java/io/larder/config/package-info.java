/** The configuration as immutable records; {@code config.load} makes them, {@code config.keys} says from what. */
@NullMarked
package io.larder.config;

import org.jspecify.annotations.NullMarked;
