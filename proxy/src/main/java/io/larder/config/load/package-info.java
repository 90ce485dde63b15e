/** Configuration files: read into records with every problem told at once, written back, and described to editors. */
@NullMarked
package io.larder.config.load;

import org.jspecify.annotations.NullMarked;
