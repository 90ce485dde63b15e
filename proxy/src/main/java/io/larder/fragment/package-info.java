/**
 * Pages made of parts: what a page says of its parts (ESI 1.0, or Server Side Includes), as immutable templates, and what it
 * asks of a request.
 */
@NullMarked
package io.larder.fragment;

import org.jspecify.annotations.NullMarked;
