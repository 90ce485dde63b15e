/**
 * Part of a house with one fault of each kind: {@link io.larder.LayersTest} proves on it that its rules bite. This is the
 * one package of it that is marked as it should be.
 */
@NullMarked
package io.larder.badhouse.http;

import org.jspecify.annotations.NullMarked;
