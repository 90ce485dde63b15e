package io.larder.badhouse.gateway;

import io.larder.badhouse.http.ReachesUp;

/** Stands above {@code http}, and may know it. */
public record Above(Class<ReachesUp> below) {}
