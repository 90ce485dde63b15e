package io.larder.badhouse.app;

import io.larder.badhouse.config.Settings;

/** May see the configuration. */
public record Innocent(Settings settings) {}
