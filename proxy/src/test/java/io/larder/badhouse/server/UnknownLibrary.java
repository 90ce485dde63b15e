package io.larder.badhouse.server;

import org.assertj.core.api.SoftAssertions;

/** Uses a library that no row speaks of. */
public record UnknownLibrary(SoftAssertions library) {}
