package io.larder.config;

import io.larder.config.source.Secrets;
import io.larder.config.source.Text;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value: where Redis is, as one URI says it; nothing is looked up.
 *
 * @param secure whether to speak TLS
 * @param user the ACL user; null: the server's default user
 * @param password null where the URI has none
 * @param hosts of Redis itself, which is one, or of the sentinels that know where it is
 * @param database from 0
 * @param primary what the sentinels call the server that takes writes; null where {@code hosts} is Redis itself
 * @param shown the URI in a form that may be shown
 */
public record RedisUri(
        boolean secure,
        @Nullable String user,
        @Nullable Text password,
        List<HostPort> hosts,
        int database,
        @Nullable String primary,
        String shown) {

    private static final Map<String, Scheme> SCHEMES = Map.of(
            "redis", new Scheme(false, false),
            "rediss", new Scheme(true, false),
            "redis-sentinel", new Scheme(false, true),
            "rediss-sentinel", new Scheme(true, true));

    public RedisUri {
        hosts = List.copyOf(hosts);
        Checks.require(!hosts.isEmpty(), "a Redis URI has a host");
        Checks.require(primary != null || hosts.size() == 1, "several hosts are sentinels");
        Checks.require(database >= 0, "a database number is not negative");
    }

    private record Scheme(boolean secure, boolean sentinels) {
        int port() {
            return sentinels ? 26379 : 6379;
        }
    }

    private record Login(@Nullable String user, @Nullable Text password) {}

    /**
     * Reads {@code scheme://user:password@host:port/database#primary}.
     *
     * @throws IllegalArgumentException saying what is wrong; without what may be a secret
     */
    public static RedisUri parse(Text text) {
        String uri = text.value();
        if (uri.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new IllegalArgumentException("has a space or a control character in it");
        }
        int separator = uri.indexOf("://");
        if (separator < 0) {
            throw new IllegalArgumentException("has no scheme");
        }
        Scheme scheme = SCHEMES.get(uri.substring(0, separator).toLowerCase(Locale.ROOT));
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "has a scheme that is none of redis, rediss, redis-sentinel and rediss-sentinel");
        }
        String rest = uri.substring(separator + 3);
        int at = rest.lastIndexOf('@');
        Login login = at < 0 ? new Login(null, null) : login(rest.substring(0, at));
        return located(scheme, login, rest.substring(at + 1), Secrets.shown(text.written()));
    }

    /** As {@link #shown}: the other components may hold a secret. */
    @Override
    public String toString() {
        return shown;
    }

    private static RedisUri located(Scheme scheme, Login login, String location, String shown) {
        if (location.indexOf('?') >= 0) {
            throw new IllegalArgumentException("has options after '?': they are keys of their own here");
        }
        int hash = location.indexOf('#');
        String primary = hash < 0 ? "" : location.substring(hash + 1);
        String rest = hash < 0 ? location : location.substring(0, hash);
        int slash = rest.indexOf('/');
        int database = slash < 0 ? 0 : database(rest.substring(slash + 1));
        List<HostPort> hosts = hosts(slash < 0 ? rest : rest.substring(0, slash), scheme.port());
        if (scheme.sentinels() && primary.isEmpty()) {
            throw new IllegalArgumentException("does not end with '#' and what the sentinels call the primary");
        }
        if (!scheme.sentinels() && hash >= 0) {
            throw new IllegalArgumentException("names a primary after '#', which is for sentinels to know");
        }
        if (!scheme.sentinels() && hosts.size() > 1) {
            throw new IllegalArgumentException("has several hosts: a Redis Cluster is a list of URIs");
        }
        return new RedisUri(
                scheme.secure(),
                login.user(),
                login.password(),
                hosts,
                database,
                scheme.sentinels() ? primary : null,
                shown);
    }

    private static Login login(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("has no ':' before '@': write user:password@ or :password@");
        }
        String user = decoded(text.substring(0, colon));
        String password = decoded(text.substring(colon + 1));
        if (password.isEmpty()) {
            throw new IllegalArgumentException("has an empty password before '@'");
        }
        return new Login(user.isEmpty() ? null : user, new Text(password, Secrets.MASK));
    }

    /** RFC 3986 §2.1: a plus sign stands for itself. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has a '%' in its user or password that begins no %XX: write %25 for the sign itself", e);
        }
    }

    private static int database(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("has no database number after '/'");
        }
        return Integer.parseInt(text);
    }

    private static List<HostPort> hosts(String text, int port) {
        List<HostPort> hosts = new ArrayList<>();
        for (String host : text.split(",", -1)) {
            HostPort written = HostPort.parse(host);
            HostPort address = written == null ? HostPort.parse(host + ":" + port) : written;
            if (address == null || address.host().isEmpty() || address.port() == 0) {
                throw new IllegalArgumentException(
                        host.isEmpty()
                                ? "has no host where one belongs"
                                : "has a host that is no name, address or host:port");
            }
            hosts.add(address);
        }
        return hosts;
    }
}
