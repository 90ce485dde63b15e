package io.larder.app;

import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.balance.SlowStart;
import io.larder.balance.SuccessRate;
import io.larder.config.Balancing;
import io.larder.config.HostHeader;
import io.larder.config.UpstreamConfig;
import io.larder.config.Watch;
import io.larder.config.Wire;
import io.larder.gateway.HostRule;
import io.larder.gateway.RetrySettings;
import io.larder.http.FieldName;
import io.larder.upstream.Access;
import io.larder.upstream.HashBy;
import io.larder.upstream.UpstreamSettings;
import io.larder.upstream.UpstreamTls;
import java.time.Duration;

/** Says in the upstream's words what the configuration says of it. */
final class UpstreamTranslation {
    // a server that refuses connections is left alone for a second, then two, four … a minute
    private static final OutlierDetector BREAKER = new OutlierDetector(3, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private UpstreamTranslation() {}

    /**
     * The settings of an upstream, but for its servers. Reads the files of its TLS. Blocks.
     *
     * @throws StartFailure naming the place of an upstream whose files are of no use
     */
    static UpstreamSettings settings(UpstreamConfig upstream) {
        UpstreamConfig.Pool pool = upstream.limits().pool();
        UpstreamConfig.Timeouts timeouts = upstream.limits().timeouts();
        return new UpstreamSettings(
                upstream.name(),
                balancing(upstream),
                new UpstreamSettings.Pool(
                        pool.maxConnections(), pool.maxPending(), pool.pendingTimeout(), pool.idle(), pool.maxAge()),
                new UpstreamSettings.Timeouts(
                        timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total(), timeouts.tunnel()),
                care(upstream.watch(), upstream.wire().host()),
                new UpstreamSettings.Responses(
                        UpstreamSettings.Responses.DEFAULT.limits(),
                        upstream.wire().unknownTransferCoding() == Wire.UnknownCoding.READ_TO_CLOSE),
                access(upstream));
    }

    private static UpstreamSettings.Balancing balancing(UpstreamConfig upstream) {
        Balancing balancing = upstream.balancing();
        return new UpstreamSettings.Balancing(
                switch (balancing.balance()) {
                    case ROUND_ROBIN -> UpstreamSettings.Policy.ROUND_ROBIN;
                    case LEAST_REQUESTS -> UpstreamSettings.Policy.LEAST_REQUESTS;
                    case EWMA -> UpstreamSettings.Policy.EWMA;
                    case RANDOM -> UpstreamSettings.Policy.RANDOM;
                    case CONSISTENT_HASH -> UpstreamSettings.Policy.CONSISTENT_HASH;
                },
                balancing.hashBy() == null ? null : hashBy(balancing.hashBy()),
                new SlowStart(balancing.slowStart()),
                upstream.limits().concurrency() == UpstreamConfig.Concurrency.ADAPTIVE);
    }

    private static HashBy hashBy(Balancing.HashBy by) {
        return switch (by) {
            case Balancing.HashBy.OfPath path -> new HashBy.Path();
            case Balancing.HashBy.OfClientIp ip -> new HashBy.ClientIp();
            case Balancing.HashBy.OfHeader(String name) -> new HashBy.Header(FieldName.of(name));
            case Balancing.HashBy.OfCookie(String name) -> new HashBy.Cookie(name);
            case Balancing.HashBy.OfQuery(String name) -> new HashBy.Parameter(name);
        };
    }

    private static Access access(UpstreamConfig upstream) {
        Wire wire = upstream.wire();
        Access.Protocol protocol = switch (wire.protocol()) {
            case HTTP_1_1, HTTPS -> Access.Protocol.HTTP_1_1;
            case H2C, H2 -> Access.Protocol.HTTP_2;
        };
        Access.Preface preface = switch (wire.proxyProtocol()) {
            case OFF -> Access.Preface.OFF;
            case V1 -> Access.Preface.V1;
            case V2 -> Access.Preface.V2;
        };
        Wire.UpstreamTls tls = wire.tls();
        try {
            return new Access(
                    protocol,
                    tls == null
                            ? null
                            : UpstreamTls.load(tls.ca(), tls.verify(), tls.serverName(), tls.cert(), tls.key()),
                    preface);
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration(upstream.origin().place() + ": " + e.getMessage());
        }
    }

    private static UpstreamSettings.Care care(Watch watch, HostHeader host) {
        Watch.Outliers outliers = watch.outliers();
        Watch.Health health = watch.health();
        return new UpstreamSettings.Care(
                BREAKER, outliers == null ? null : outliers(outliers), health == null ? null : checks(health, host));
    }

    private static UpstreamSettings.Outliers outliers(Watch.Outliers outliers) {
        Double rate = outliers.successRate();
        return new UpstreamSettings.Outliers(
                new OutlierDetector(outliers.consecutiveFailures(), outliers.eject(), outliers.maxEject()),
                outliers.maxEjected(),
                rate == null || rate == 0 ? null : new SuccessRate(rate));
    }

    private static UpstreamSettings.Checks checks(Watch.Health health, HostHeader host) {
        String asked = health.probe().host();
        return new UpstreamSettings.Checks(
                health.probe().path(),
                asked == null && host instanceof HostHeader.Literal(String value) ? value : asked,
                health.interval(),
                health.timeout(),
                health.probe().expect().stream()
                        .map(range -> new UpstreamSettings.Statuses(range.first(), range.last()))
                        .toList(),
                new HealthCount(health.rise(), health.fall()),
                health.panicThreshold());
    }

    static RetrySettings retries(UpstreamConfig.Retry retry) {
        UpstreamConfig.RetryOn on = retry.on();
        return new RetrySettings(
                retry.attempts(), on.connect(), on.reset(), on.statuses(), retry.budget(), retry.hedgeAfter());
    }

    static HostRule host(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> new HostRule.Preserve();
            case HostHeader.Upstream upstream -> new HostRule.Server();
            case HostHeader.Literal(String value) -> new HostRule.Literal(value);
        };
    }
}
