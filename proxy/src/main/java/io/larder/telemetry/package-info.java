/** What is told of requests when they are over: metrics for Prometheus, and the access log. */
@NullMarked
package io.larder.telemetry;

import org.jspecify.annotations.NullMarked;
