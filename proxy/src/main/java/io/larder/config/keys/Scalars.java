package io.larder.config.keys;

import io.larder.config.HostPort;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Quantities;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.http.Cidr;
import io.larder.http.Grammar;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The single values that configuration is made of. */
final class Scalars {
    static final Scalar<Duration> DURATION = new Scalar<>(
            "a duration",
            "write a duration such as 250ms, 30s, 5m, 1h or 1d",
            Quantities::duration,
            Quantities::text,
            Schemas.pattern("[0-9]+(ms|s|m|h|d)"));

    /** A duration that something must be given. */
    static final Scalar<Duration> TIMEOUT =
            new Scalar<>(DURATION.noun(), DURATION.example(), Scalars::timeout, DURATION.writer(), DURATION.schema());

    static final Scalar<Long> SIZE = new Scalar<>(
            "a size",
            "write a size such as 64KiB, 512MiB or 2GiB (or 64KB, decimal)",
            Quantities::size,
            Quantities::text,
            Schemas.pattern("[0-9]+(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)"));

    /** The size of a part of a message's head, all of which is held in memory. */
    static final Scalar<Long> HEAD_SIZE =
            new Scalar<>(SIZE.noun(), SIZE.example(), Scalars::headSize, SIZE.writer(), SIZE.schema());

    static final Scalar<Double> RATIO = new Scalar<>(
            "a percentage from 0% to 100%",
            "write a share such as 20%",
            Quantities::ratio,
            Quantities::percent,
            Schemas.pattern("[0-9]+(\\.[0-9]+)?%"));

    static final Scalar<Boolean> SWITCH = new Scalar<>(
            "on or off",
            null,
            text -> (text.equals("on") || text.equals("true")) ? Boolean.TRUE : off(text),
            value -> value ? "on" : "off",
            Schemas.of("enum", List.of("on", "off", true, false)));

    static final Scalar<HostPort> BIND = new Scalar<>(
            "an address to listen on",
            "write host:port, [ipv6]:port or :port (every address), such as \"0.0.0.0:8080\"",
            HostPort::parse,
            HostPort::toString,
            Schemas.pattern("\\S*:[0-9]{1,5}"));

    static final Scalar<Cidr> CIDR = new Scalar<>(
            "an IP address or CIDR block",
            "write an address or block such as 10.0.0.0/8 or \"::1\"",
            text -> Cidr.parse(text).orElse(null),
            Cidr::toString,
            Schemas.pattern("[0-9a-fA-F.:]+(/[0-9]{1,3})?"));

    /** Lower case; a leading {@code *.} stands for any number of labels. */
    static final Scalar<String> HOST = new Scalar<>(
            "a host name",
            "write a name without scheme, port or path, such as shop.example.com or \"*.example.com\"",
            Scalars::host,
            host -> host,
            Schemas.pattern("(\\*\\.)?[A-Za-z0-9_.:\\[\\]-]+"));

    static final Scalar<String> FIELD_NAME = token("a header name", "such as X-Frame-Options");
    /** A field whose value the origin sees as the client sent it. */
    static final Scalar<String> TELLING_FIELD = new Scalar<>(
            FIELD_NAME.noun(), FIELD_NAME.example(), Scalars::telling, FIELD_NAME.writer(), FIELD_NAME.schema());

    static final Scalar<String> METHOD = token("a method", "such as GET");
    static final Scalar<String> COOKIE_NAME = token("a cookie name", "such as sessionid");

    /** A text in which {@code *} stands for anything. */
    static final Scalar<String> GLOB = plain("a name or a pattern with *");

    static final Scalar<String> WORD = plain("a text");

    /** The authority of a request: a host, perhaps with a port. */
    static final Scalar<String> AUTHORITY = new Scalar<>(
            "a host, perhaps with a port",
            "write it as clients do, such as app.internal or app.internal:8000",
            text -> isAuthority(text) ? text : null,
            host -> host,
            Schemas.pattern("[A-Za-z0-9_.:\\[\\]-]+"));

    private Scalars() {}

    /** A time that may also be {@code off}, which is no time at all. */
    static Scalar<Duration> orOff(Scalar<Duration> time) {
        return new Scalar<>(
                time.noun() + " or off",
                "write off, or a duration such as 250ms, 30s, 5m, 1h or 1d",
                text -> Boolean.FALSE.equals(off(text))
                        ? Duration.ZERO
                        : time.parser().parse(text),
                duration -> duration.isZero() ? "off" : time.write(duration),
                orOff(time.schema()));
    }

    /** A share that may also be {@code off}, which is 0%. */
    static Scalar<Double> ratioOrOff() {
        return new Scalar<>(
                RATIO.noun() + " or off",
                "write off, or a share such as 20%",
                text -> Boolean.FALSE.equals(off(text))
                        ? Double.valueOf(0)
                        : RATIO.parser().parse(text),
                ratio -> ratio == 0 ? "off" : RATIO.write(ratio),
                orOff(RATIO.schema()));
    }

    private static Map<String, Object> orOff(Map<String, Object> schema) {
        return Schemas.of("anyOf", List.of(Schemas.of("enum", List.of("off", false)), schema));
    }

    static boolean isAuthority(String text) {
        HostPort withPort = HostPort.parse(text);
        return HostPort.isName(text) || (withPort != null && !withPort.host().isEmpty());
    }

    static Scalar<Integer> integer(int least, int most) {
        String noun = most == Integer.MAX_VALUE
                ? "a whole number from " + least
                : "a whole number from " + least + " to " + most;
        Map<String, Object> whole =
                most == Integer.MAX_VALUE ? Schemas.of("type", "integer", "minimum", least) : bounded(least, most);
        return new Scalar<>(
                noun,
                null,
                text -> within(text, least, most),
                value -> value,
                Schemas.of("anyOf", List.of(whole, Schemas.of("type", "string", "pattern", "\\$\\{"))));
    }

    private static Map<String, Object> bounded(int least, int most) {
        Map<String, Object> schema = Schemas.of("type", "integer", "minimum", least);
        schema.put("maximum", most);
        return schema;
    }

    /** RFC 9110 §5.6.2. */
    private static Scalar<String> token(String noun, String example) {
        return new Scalar<>(
                noun,
                "write a name " + example,
                text -> Grammar.isToken(text) ? text : null,
                text -> text,
                Schemas.pattern("[!#$%&'*+.^_`|~0-9A-Za-z-]+"));
    }

    /**
     * {@code name}, or null where it is no field's.
     *
     * @throws IllegalArgumentException where the origin sees another value than the client sent
     */
    static @Nullable String telling(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("forwarded") || lower.startsWith("x-forwarded-") || lower.equals("x-request-id")) {
            throw new IllegalArgumentException(
                    "is written by the gateway for the origin, so what the client sent tells nothing");
        }
        return Grammar.isToken(name) ? name : null;
    }

    private static Scalar<String> plain(String noun) {
        return new Scalar<>(
                noun,
                null,
                text -> text.isBlank() || FreeText.hasControl(text) ? null : text,
                text -> text,
                Schemas.of("type", List.of("string", "number", "boolean"), "minLength", 1));
    }

    private static @Nullable Boolean off(String text) {
        return (text.equals("off") || text.equals("false")) ? Boolean.FALSE : null;
    }

    private static @Nullable Duration timeout(String text) {
        Duration duration = Quantities.duration(text);
        if (duration != null && duration.isZero()) {
            throw new IllegalArgumentException("leaves no time at all");
        }
        return duration;
    }

    private static @Nullable Long headSize(String text) {
        Long size = Quantities.size(text);
        if (size != null && (size < 256 || size > 16 << 20)) {
            throw new IllegalArgumentException("is not from 256B to 16MiB");
        }
        return size;
    }

    private static @Nullable String host(String text) {
        String name = text.startsWith("*.") ? text.substring(2) : text;
        boolean ipv6 = text.startsWith("[") && text.endsWith("]") && HostPort.parse(text + ":0") != null;
        return ipv6 || HostPort.isName(name) ? text.toLowerCase(Locale.ROOT) : null;
    }

    private static @Nullable Integer within(String text, int least, int most) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = digits ? Long.parseLong(text) : -1;
        return value < least || value > most ? null : (int) value;
    }
}
