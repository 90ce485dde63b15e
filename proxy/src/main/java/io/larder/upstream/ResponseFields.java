package io.larder.upstream;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HopByHop;
import io.larder.http.HttpDate;
import io.larder.http.ResponseHead;
import io.larder.http.TokenList;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a server's response say to this hop, and what is left of them for everybody else. The one place
 * where a response's hop-by-hop fields, those that it nominates included, end (RFC 9110 §7.6.1).
 */
final class ResponseFields {
    /** Of this hop alone, nominated or not. Framing is among them: whoever writes the response frames it anew. */
    private static final FieldNames HOP_BY_HOP = FieldNames.of(
            Fields.CONTENT_LENGTH,
            Fields.CONNECTION,
            Fields.KEEP_ALIVE,
            Fields.TRANSFER_ENCODING,
            Fields.PROXY_CONNECTION,
            Fields.TE,
            Fields.TRAILER,
            Fields.UPGRADE,
            Fields.PROXY_AUTHENTICATE,
            Fields.PROXY_AUTHENTICATION_INFO,
            Fields.PROXY_AUTHORIZATION);

    /**
     * Kept even if nominated: without them the response would mean something else to a cache or a client, and they are
     * meant for all recipients, so that nominating them is a fault (RFC 9110 §7.6.1).
     */
    private static final FieldNames ESSENTIAL = FieldNames.of(
            Fields.AGE,
            Fields.CACHE_CONTROL,
            FieldName.of("CDN-Cache-Control"),
            FieldName.of("Surrogate-Control"),
            Fields.CONTENT_ENCODING,
            Fields.CONTENT_RANGE,
            Fields.CONTENT_TYPE,
            Fields.DATE,
            Fields.EXPIRES,
            Fields.PRAGMA,
            Fields.SET_COOKIE,
            Fields.VARY);

    private static final int DATE_OCTETS = 37;

    private ResponseFields() {}

    /**
     * The end-to-end fields of a final response.
     *
     * @param received becomes the {@code Date} of a response that has none (RFC 9110 §6.6.1)
     */
    static Headers endToEnd(ResponseHead head, String method, Instant received) {
        Headers all = head.headers();
        boolean describes = method.equals("HEAD") || head.status() == 304;
        int length = describes ? soleLength(all) : -1;
        FieldNames nominated = HopByHop.nominated(all);
        HeadersBuilder kept = all.builderFor(DATE_OCTETS, 1);
        kept.addKept(all, i -> i == length || !isDropped(all, i, nominated));
        if (!all.contains(Fields.DATE)) {
            kept.add(Fields.DATE, HttpDate.format(received));
        }
        return kept.build();
    }

    /** The end-to-end fields of an interim response. */
    static Headers ofInterim(Headers all) {
        FieldNames nominated = HopByHop.nominated(all);
        return all.keeping(i -> !isDropped(all, i, nominated));
    }

    /**
     * Whether the server keeps the connection open for another request (RFC 9112 §9.3), as far as the head tells. Where
     * lengths contradict each other, or a response without content declares some, the next bytes are in doubt: no.
     */
    static boolean isPersistent(ResponseHead head) {
        Headers headers = head.headers();
        boolean coded = headers.contains(Fields.TRANSFER_ENCODING);
        boolean sized = headers.contains(Fields.CONTENT_LENGTH);
        boolean bodyAfter204 = sized && !"0".equals(headers.first(Fields.CONTENT_LENGTH));
        if ((coded && sized) || (head.status() == 204 && (coded || bodyAfter204))) {
            return false;
        }
        return !TokenList.contains(headers, Fields.CONNECTION, "close")
                && (head.minor() == 1 || TokenList.contains(headers, Fields.CONNECTION, "keep-alive"));
    }

    /**
     * How long an unused connection may be kept after {@code Keep-Alive: timeout=N}: N less a second, or half of a
     * short N, so that we give it up before the server does. Null where the server does not say.
     */
    static @Nullable Duration keepAlive(Headers headers) {
        for (String text : FieldList.of(headers, Fields.KEEP_ALIVE)) {
            if (text.regionMatches(true, 0, "timeout=", 0, 8) && isSmallNumber(text.substring(8))) {
                long millis = Integer.parseInt(text.substring(8)) * 1000L;
                return Duration.ofMillis(millis - Math.min(1000, millis / 2));
            }
        }
        return null;
    }

    private static boolean isDropped(Headers all, int i, FieldNames nominated) {
        return HOP_BY_HOP.include(all, i) || (nominated.include(all, i) && !ESSENTIAL.include(all, i));
    }

    /** The line that states a length without doubt, or -1. */
    private static int soleLength(Headers all) {
        int i = all.indexOf(Fields.CONTENT_LENGTH, 0);
        boolean sole = i >= 0 && all.indexOf(Fields.CONTENT_LENGTH, i + 1) < 0;
        String value = sole ? all.value(i) : "";
        boolean decimal =
                !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return decimal ? i : -1;
    }

    private static boolean isSmallNumber(String text) {
        return !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
