/** The configuration: YAML files read into immutable records, with every problem of them told at once. */
@NullMarked
package io.larder.config;

import org.jspecify.annotations.NullMarked;
