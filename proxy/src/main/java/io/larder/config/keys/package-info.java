/** Every key of a configuration file: its type, its default and the part of a record that it becomes. */
@NullMarked
package io.larder.config.keys;

import org.jspecify.annotations.NullMarked;
