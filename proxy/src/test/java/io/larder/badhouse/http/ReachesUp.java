package io.larder.badhouse.http;

import io.larder.badhouse.gateway.Above;

/** Imports from a higher floor, which imports from here: a cycle as well. */
public record ReachesUp(Above above) {}
