package io.larder.store.format;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Status;
import io.larder.http.Target;
import io.larder.policy.Age;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Encodings;
import io.larder.policy.Freshness;
import io.larder.policy.KeyRules;
import io.larder.policy.StaleTerms;
import io.larder.policy.Standing;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import io.larder.policy.VaryKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Stored responses of every kind, their keys and the like, drawn by chance. */
final class Specimens {
    /** The key of a plain GET. */
    static CacheKey key(String uri) {
        int start = uri.indexOf("://") + 3;
        int slash = uri.indexOf('/', start);
        Target target = Target.of(uri.substring(0, start - 3), uri.substring(start, slash), uri.substring(slash));
        return CacheKey.of(KeyRules.PLAIN, Request.get(target, Headers.EMPTY));
    }

    private static final int[] STATUSES = {200, 200, 200, 203, 204, 206, 301, 308, 404, 410, 503, 599};
    private static final List<String> REASONS = List.of("", "Fine", "Tr\u00e8s bien", "a\tb");
    private static final List<String> VALUES = List.of(
            "", "a", "text/html; charset=utf-8", "\"5f3-61e9d6a1\"", "\u00e9\u00ff", "a, \"b, c\"", "x=\u00e4; Path=/");
    private static final List<String> TAGS =
            List.of("", "a", "product:7", "caf\u00e9", "\u65e5\u672c", "\ufffd", "\u0000");
    private static final List<String> LANGUAGES = List.of("de, en;q=0.5", "en", "*", "de;q=2", "");
    private static final List<String> CODINGS = List.of("gzip, br", "identity", "gzip;q=0", "\"", "zstd");
    private static final List<String> COMPARED =
            List.of("Accept-Encoding", "accept-language", "Cookie", "Foo", "Accept", "X-A");
    private static final KeyRules DECLARING =
            new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("Foo"), FieldName.of("X-A")), List.of("a"));

    private final Random random;

    Specimens(long seed) {
        this.random = new Random(seed);
    }

    private boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** A span or a time in milliseconds, short or long. */
    private long millis() {
        return random.nextLong() >>> (12 + random.nextInt(52));
    }

    AsOf asOf() {
        return new AsOf(random.nextLong(), random.nextLong());
    }

    CacheKey key() {
        String authority = one(List.of("a", "a.example:8080", "[2001:db8::1]", "[::1]:81", ""));
        String path = one(List.of("/", "/p%2F//q;v=1", "/?", "/p?", "/p?q=1&r=%00", "/caf\u00e9?\u65e5"));
        Target target = Target.of(one(List.of("http", "https")), authority, path);
        CacheKey key = CacheKey.of(once(2) ? DECLARING : KeyRules.PLAIN, Request.get(target, request()));
        return once(5) ? key.partial() : once(5) ? key.personal() : key;
    }

    Stored stored() {
        Stored plain = new Stored(head(), octets(once(5) ? 0 : random.nextInt(3000)));
        Stored all = once(2)
                ? plain
                : Encodings.with(plain, octets((int) plain.body().length() / 2));
        return once(6) ? all.softened() : all;
    }

    /** So many octets in one or two arrays, which hold more than them. */
    Bytes octets(int length) {
        byte[] array = new byte[length + 7];
        random.nextBytes(array);
        int middle = length / 3;
        return Bytes.concat(List.of(Bytes.of(array, 3, middle), Bytes.of(array, 5 + middle, length - middle)));
    }

    private Stored.Head head() {
        int status = STATUSES[random.nextInt(STATUSES.length)];
        Headers headers = headers();
        return new Stored.Head(
                status,
                once(3) ? one(REASONS) : Status.reason(status),
                headers,
                once(3) ? Headers.of("Surrogate-Control", "max-age=" + millis()) : Headers.EMPTY,
                vary(headers),
                new Age(millis(), millis(), millis()),
                new Freshness(millis(), one(List.of(Freshness.Origin.values()))),
                new Stored.Use(
                        StaleTerms.of(once(4), once(4), seconds(), seconds()),
                        millis(),
                        tags(),
                        once(5) ? Standing.SOFTENED : Standing.SOUND,
                        Stored.Fetched.of(millis(), once(2) ? 0 : random.nextLong())));
    }

    private long seconds() {
        return once(3) ? -1 : random.nextInt(1 << 20);
    }

    private Headers headers() {
        HeadersBuilder all = Headers.builder().add("Date", "Sun, 29 Nov 2026 12:00:00 GMT");
        all.add("content-type", one(List.of("text/html", "application/json", "image/png")));
        for (int n = random.nextInt(9); n > 0; n--) {
            all.add(one(List.of("X-A", "ETag", "Set-Cookie", "Link", "x-b", "Content-Language")), one(VALUES));
        }
        if (once(5)) {
            all.add("Content-Encoding", one(List.of("br", "X-Gzip", "rot13")));
        }
        return all.build();
    }

    /** What requests say in the fields that responses vary on. */
    private Headers request() {
        HeadersBuilder all = Headers.builder();
        for (String name : COMPARED) {
            for (int lines = random.nextInt(3); lines > 0; lines--) {
                List<String> values = name.startsWith("A") ? CODINGS : name.startsWith("a") ? LANGUAGES : VALUES;
                all.add(name, one(values));
            }
        }
        return all.build();
    }

    private VaryKey vary(Headers response) {
        HeadersBuilder varying = response.toBuilder();
        for (int n = once(2) ? 0 : random.nextInt(4); n > 0; n--) {
            varying.add("Vary", one(COMPARED));
        }
        return VaryKey.of(new CacheRules.Negotiation(!once(4), once(2)), request(), varying.build())
                .orElseThrow();
    }

    private Tags tags() {
        return once(3) ? Tags.NONE : new Tags(one(List.of("", "shop", "l\u00e4den")), texts(), texts());
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
            texts.add(one(TAGS));
        }
        return texts;
    }
}
