/** The command line: one class a command. */
@NullMarked
package io.larder.cli;

import org.jspecify.annotations.NullMarked;
