/** What connections of every protocol have in common: their settings, limits and deadlines, and the judgement on a request. */
@NullMarked
package io.larder.server.connection;

import org.jspecify.annotations.NullMarked;
