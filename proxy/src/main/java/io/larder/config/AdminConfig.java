package io.larder.config;

import io.larder.config.source.Origin;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A value: the port for operators: API, metrics, health.
 *
 * @param tokenFile the file that holds the bearer token, absolute; null only where {@code bind} is loopback
 */
public record AdminConfig(HostPort bind, @Nullable Path tokenFile, Origin origin) {}
