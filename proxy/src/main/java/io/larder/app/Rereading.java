package io.larder.app;

import io.larder.config.load.ConfigLoader;
import io.larder.config.source.Sources;
import java.util.function.Supplier;

/**
 * How a gateway that runs gets its configuration again.
 *
 * @param read from what it was read when the gateway was started
 * @param again reads it, and blocks
 * @param watched whether that is done by itself when the files change
 */
public record Rereading(Sources read, Supplier<ConfigLoader.Reading> again, boolean watched) {}
