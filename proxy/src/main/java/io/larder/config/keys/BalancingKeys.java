package io.larder.config.keys;

import io.larder.config.Balancing;
import io.larder.config.Balancing.Balance;
import io.larder.config.Balancing.HashBy;
import io.larder.config.Balancing.Sticky;
import io.larder.config.UpstreamConfig;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.http.Grammar;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys that say how the server of a request is picked. */
final class BalancingKeys {
    private static final Key<Sticky, String> COOKIE =
            Key.of("cookie", Scalars.COOKIE_NAME, "larder_node", Sticky::cookie, "The cookie that says which server.");
    private static final Key<Sticky, Duration> TTL =
            Key.of("ttl", Scalars.TIMEOUT, Duration.ofHours(1), Sticky::ttl, "How long the cookie holds.");
    private static final Key<Sticky, Path> KEY_FILE = Key.optional(
            "key-file",
            PrivateFile.secret(16),
            Sticky::keyFile,
            "File with the secret (16 octets or more) that signs the cookie, the same on all nodes; absent: made up.");
    private static final Section<Sticky> STICKY_SECTION = new Section<>(
            "sticky",
            "How a client stays with its server.",
            values -> new Sticky(values.get(COOKIE), values.get(TTL), values.find(KEY_FILE)),
            COOKIE,
            TTL,
            KEY_FILE);

    static final Key<UpstreamConfig, Balance> BALANCE = Key.of(
            "balance",
            Scalar.choice(Balance.class),
            Balance.LEAST_REQUESTS,
            upstream -> upstream.balancing().balance(),
            "How the server of a request is picked; least-requests takes the better of two random ones.");
    static final Key<UpstreamConfig, HashBy> HASH_BY = Key.optional(
            "hash-by",
            new Scalar<>(
                    "path, client-ip, header:NAME, cookie:NAME or query:NAME",
                    null,
                    BalancingKeys::hashBy,
                    BalancingKeys::text,
                    Schemas.pattern("path|client-ip|(header|cookie|query):.+")),
            upstream -> upstream.balancing().hashBy(),
            "What decides the server, only with consistent-hash; absent: path.");
    static final Key<UpstreamConfig, Sticky> STICKY = Key.optional(
            "sticky",
            STICKY_SECTION,
            upstream -> upstream.balancing().sticky(),
            "How a client stays with its server; absent: it does not.");
    static final Key<UpstreamConfig, Duration> SLOW_START = Key.of(
            "slow-start",
            Scalars.orOff(Scalars.DURATION),
            Duration.ZERO,
            upstream -> upstream.balancing().slowStart(),
            "How long a server that comes, or comes back, is given less than its share.");

    private BalancingKeys() {}

    static Balancing balancing(Values<UpstreamConfig> values) {
        Balance balance = values.get(BALANCE);
        HashBy written = values.find(HASH_BY);
        HashBy hashBy = written == null ? new HashBy.OfPath() : written;
        boolean hashes = balance == Balance.CONSISTENT_HASH;
        if (written != null && !hashes) {
            String message =
                    "'hash-by' has no effect with 'balance: " + BALANCE.type().write(balance) + "'";
            values.error(HASH_BY, message, "write 'balance: consistent-hash'");
        }
        return new Balancing(balance, hashes ? hashBy : null, values.find(STICKY), values.get(SLOW_START));
    }

    private static @Nullable HashBy hashBy(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "path" -> new HashBy.OfPath();
            case "client-ip" -> new HashBy.OfClientIp();
            case "header:" -> Scalars.telling(name) == null ? null : new HashBy.OfHeader(name);
            case "cookie:" -> Grammar.isToken(name) ? new HashBy.OfCookie(name) : null;
            case "query:" -> name.isBlank() || FreeText.hasControl(name) ? null : new HashBy.OfQuery(name);
            default -> null;
        };
    }

    private static String text(HashBy by) {
        return switch (by) {
            case HashBy.OfPath path -> "path";
            case HashBy.OfClientIp client -> "client-ip";
            case HashBy.OfHeader(String name) -> "header:" + name;
            case HashBy.OfCookie(String name) -> "cookie:" + name;
            case HashBy.OfQuery(String name) -> "query:" + name;
        };
    }
}
