/**
 * Nodes, an origin and a Redis that fail in every way, in virtual time and by chance that a seed decides: does anybody ever
 * serve what a completed purge has forbidden?
 */
@NullMarked
package io.larder.coherence.simulation;

import org.jspecify.annotations.NullMarked;
