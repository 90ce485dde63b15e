package io.larder.badhouse.gateway;

import io.larder.badhouse.config.Settings;

/** Sees what only {@code app} and {@code cli} may see. */
public record SeesConfig(Settings settings) {}
