package io.larder.config.keys;

import io.larder.admission.Gcra;
import io.larder.config.AdmissionConfig;
import io.larder.config.AdmissionConfig.Access;
import io.larder.config.AdmissionConfig.Auth;
import io.larder.config.AdmissionConfig.By;
import io.larder.config.AdmissionConfig.Limit;
import io.larder.config.AdmissionConfig.Rate;
import io.larder.config.AdmissionConfig.Scope;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.http.Cidr;
import io.larder.http.Grammar;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys that say who is let in, of a site or of a route.
 *
 * @param <R> which of the two
 */
record AdmissionKeys<R>(Key<R, Access> access, Key<R, Limit> limit, Key<R, Auth> auth) {
    private static final Key<Access, List<Cidr>> ALLOW = Key.of(
            "allow",
            ListOf.any(Scalars.CIDR),
            List.of(),
            Access::allow,
            "Addresses that are let in; absent: all others.");
    private static final Key<Access, List<Cidr>> DENY = Key.of(
            "deny", ListOf.any(Scalars.CIDR), List.of(), Access::deny, "Addresses that are not, whatever allow says.");
    private static final Section<Access> ACCESS = new Section<>(
            "access",
            "Which client addresses are let in; the others are answered 403.",
            AdmissionKeys::access,
            ALLOW,
            DENY);

    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));
    private static final Key<Limit, Rate> RATE = Key.required(
            "rate",
            new Scalar<>(
                    "a rate",
                    "write how many in how long, such as 100/s, 30/m, 500/h or 1000/d",
                    AdmissionKeys::rate,
                    AdmissionKeys::text,
                    Schemas.pattern("[1-9][0-9]{0,5}/(s|m|h|d)")),
            Limit::rate,
            "How often a client may come in the long run; past it 429.");
    private static final Key<Limit, Integer> BURST = Key.optional(
            "burst",
            Scalars.integer(1, 1_000_000),
            Limit::burst,
            "How often at once, after a pause; absent: as often as rate says for its time.");
    private static final Key<Limit, By> BY = Key.of(
            "by",
            new Scalar<>(
                    "client-ip, header:NAME or cookie:NAME",
                    null,
                    AdmissionKeys::by,
                    AdmissionKeys::text,
                    Schemas.pattern("client-ip|(header|cookie):.+")),
            new By.ClientIp(),
            Limit::by,
            "What tells clients apart (IPv6: the /64); whoever does not bring it is told by his address.");
    private static final Key<Limit, Scope> SCOPE = Key.of(
            "scope",
            Scalar.choice(Scope.class),
            Scope.NODE,
            Limit::scope,
            "node: each node counts for itself; fleet: all together, in Redis.");
    private static final Section<Limit> LIMIT = new Section<>(
            "rate-limit", "How often each client may come.", AdmissionKeys::limit, RATE, BURST, BY, SCOPE);

    /** The keys of a section whose record has {@code own}. */
    static <R> AdmissionKeys<R> of(Function<R, AdmissionConfig> own, String where) {
        return new AdmissionKeys<>(
                Key.optional(
                        "access",
                        ACCESS,
                        record -> own.apply(record).access(),
                        "Which client addresses are let in" + where),
                Key.optional(
                        "limit", LIMIT, record -> own.apply(record).limit(), "How often each client may come" + where),
                Key.optional(
                        "auth", AuthKeys.TYPE, record -> own.apply(record).auth(), "What clients must show" + where));
    }

    AdmissionConfig read(Values<R> values) {
        return new AdmissionConfig(values.find(access), values.find(limit), values.find(auth));
    }

    private static Access access(Values<Access> values) {
        Access access = new Access(values.get(ALLOW), values.get(DENY));
        if (access.allow().isEmpty() && access.deny().isEmpty()) {
            values.error(ALLOW, "'access' keeps nobody out", "give allow or deny");
        }
        return access;
    }

    private static Limit limit(Values<Limit> values) {
        Rate rate = values.get(RATE);
        Integer written = values.find(BURST);
        int burst = written == null ? rate.many() : written;
        try {
            Gcra.of(rate.many(), rate.per(), burst);
        } catch (IllegalArgumentException e) {
            values.error(BURST, "'burst' is too large for 'rate': " + e.getMessage(), null);
        }
        return new Limit(rate, burst, values.get(BY), values.get(SCOPE));
    }

    private static @Nullable Rate rate(String text) {
        int slash = text.indexOf('/');
        String many = slash < 0 ? "" : text.substring(0, slash);
        Duration unit = UNITS.get(text.substring(slash + 1));
        boolean number = many.matches("[1-9][0-9]{0,5}");
        return number && unit != null ? new Rate(Integer.parseInt(many), unit) : null;
    }

    private static String text(Rate rate) {
        return UNITS.entrySet().stream()
                .filter(unit -> unit.getValue().equals(rate.per()))
                .map(unit -> rate.many() + "/" + unit.getKey())
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable By by(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "client-ip" -> new By.ClientIp();
            case "header:" -> Scalars.telling(name) == null ? null : new By.Header(name);
            case "cookie:" -> Grammar.isToken(name) ? new By.Cookie(name) : null;
            default -> null;
        };
    }

    private static String text(By by) {
        return switch (by) {
            case By.ClientIp ip -> "client-ip";
            case By.Header(String name) -> "header:" + name;
            case By.Cookie(String name) -> "cookie:" + name;
        };
    }
}
