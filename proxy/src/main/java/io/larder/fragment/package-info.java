/**
 * Pages made of parts: what a page says of its parts (ESI 1.0, or Server Side Includes), as immutable templates, what it asks
 * of a request, and compressed parts, which are joined without being compressed again.
 */
@NullMarked
package io.larder.fragment;

import org.jspecify.annotations.NullMarked;
