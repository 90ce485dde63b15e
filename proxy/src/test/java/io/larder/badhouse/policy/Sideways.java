package io.larder.badhouse.policy;

import io.larder.badhouse.fragment.Beside;

/** Imports from its own floor. */
public record Sideways(Beside beside) {}
