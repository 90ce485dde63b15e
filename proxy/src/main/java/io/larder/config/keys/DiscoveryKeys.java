package io.larder.config.keys;

import io.larder.config.Discovery;
import io.larder.config.Discovery.Dns;
import io.larder.config.Discovery.FromFile;
import io.larder.config.Discovery.Kubernetes;
import io.larder.config.HostPort;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.http.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of an upstream's {@code discover}. */
final class DiscoveryKeys {
    private static final Duration REFRESHED = Duration.ofSeconds(30);

    /** Names of a namespace and a service (RFC 1123 labels), then a port's number or name (RFC 6335 §5.1). */
    private static final Pattern SERVICE = Pattern.compile("(?<namespace>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)"
            + "/(?<service>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?):(?<port>[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?)");

    private static final Key<Discovery, Dns> DNS = Key.optional(
            "dns",
            new Scalar<>(
                    "a name to look up",
                    "write name:port (A and AAAA records), or _service._tcp.name, which says the ports itself (SRV)",
                    DiscoveryKeys::dns,
                    dns -> dns.port() == null ? dns.name() : dns.name() + ":" + dns.port(),
                    Schemas.pattern("[A-Za-z0-9_.-]+:[0-9]{1,5}|_[A-Za-z0-9_.-]+")),
            by -> by instanceof Dns dns ? dns : null,
            "name:port (A and AAAA records), or _service._tcp.name (SRV records).");
    private static final Key<Discovery, Duration> REFRESH = Key.of(
            "refresh",
            Scalars.TIMEOUT,
            REFRESHED,
            by -> by instanceof Dns dns ? dns.refresh() : null,
            "The longest time between two lookups; sooner where the records' TTL says so.");
    private static final Key<Discovery, Kubernetes> KUBERNETES = Key.optional(
            "kubernetes",
            new Scalar<>(
                    "a port of a Kubernetes service",
                    "write namespace/service:port, such as shop/app:http or shop/app:8000",
                    DiscoveryKeys::kubernetes,
                    by -> by.namespace() + "/" + by.service() + ":" + by.port(),
                    Schemas.pattern("[a-z0-9-]+/[a-z0-9-]+:[a-z0-9-]+")),
            by -> by instanceof Kubernetes kubernetes ? kubernetes : null,
            "namespace/service:port, the port by name or number; its EndpointSlices are watched.");
    private static final Key<Discovery, Path> FILE = Key.optional(
            "file",
            GivenFile.any(),
            by -> by instanceof FromFile(Path file) ? file : null,
            "A file with a server on each line, watched.");

    static final Section<Discovery> SECTION = new Section<>(
                    "discover",
                    "Where servers are found while the gateway runs.",
                    DiscoveryKeys::discovery,
                    DNS,
                    REFRESH,
                    KUBERNETES,
                    FILE)
            .withOneOf(DNS, KUBERNETES, FILE);

    private DiscoveryKeys() {}

    private static Discovery discovery(Values<Discovery> values) {
        Dns dns = values.find(DNS);
        if (dns != null) {
            return new Dns(dns.name(), dns.port(), values.get(REFRESH));
        }
        if (values.wrote(REFRESH)) {
            values.error(REFRESH, "'refresh' has no effect without 'dns': changes are seen at once", null);
        }
        Path file = values.find(FILE);
        return file != null ? new FromFile(file) : Objects.requireNonNull(values.find(KUBERNETES));
    }

    private static @Nullable Dns dns(String text) {
        HostPort hostPort = HostPort.parse(withoutRootDot(text));
        if (hostPort == null) {
            boolean service = text.startsWith("_") && HostPort.isName(withoutLastDot(text));
            return service ? new Dns(text.toLowerCase(Locale.ROOT), null, REFRESHED) : null;
        }
        if (Cidr.parse(hostPort.host()).isPresent()) {
            throw new IllegalArgumentException("is an address, not a name: write it under 'servers'");
        }
        String name = text.substring(0, text.lastIndexOf(':')).toLowerCase(Locale.ROOT);
        return hostPort.host().isEmpty() || hostPort.port() == 0 ? null : new Dns(name, hostPort.port(), REFRESHED);
    }

    /** A name may end with a dot, which keeps resolvers from trying others below the search domains. */
    private static String withoutRootDot(String nameAndPort) {
        int colon = nameAndPort.lastIndexOf(':');
        return colon < 0 ? nameAndPort : withoutLastDot(nameAndPort.substring(0, colon)) + nameAndPort.substring(colon);
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static @Nullable Kubernetes kubernetes(String text) {
        Matcher matcher = SERVICE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String port = matcher.group("port");
        boolean number = port.chars().allMatch(Character::isDigit);
        if (number && (port.length() > 5 || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535)) {
            throw new IllegalArgumentException("has a port that is not from 1 to 65535");
        }
        return new Kubernetes(matcher.group("namespace"), matcher.group("service"), port);
    }
}
