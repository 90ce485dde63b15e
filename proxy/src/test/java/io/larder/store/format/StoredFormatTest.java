package io.larder.store.format;

import static io.larder.store.format.Forgery.number;
import static io.larder.store.format.Forgery.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
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
import io.larder.policy.VaryTerm;
import io.larder.store.format.Decoded.Foreign;
import io.larder.store.format.Decoded.Whole;
import io.larder.store.format.Decoded.Why;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one node writes another node reads, or takes for a miss: never for something else. */
class StoredFormatTest {
    private static final CacheKey KEY = Specimens.key("http://shop.example/products/7?colour=red");
    private static final AsOf AS_OF = new AsOf(0x1122334455667788L, 42);
    private static final Stored PAGE = page(CacheRules.Negotiation.DEFAULTS);
    private static final byte[] ENVELOPE = envelope(PAGE);

    /** Everything that an envelope of version 1 can say, but chunks; written down when that version was made. */
    private static final String GOLDEN = """
            TFJEUgEAAAKTAQAAAD0AAAAEaHR0cAAAAAxzaG9wLmV4YW1wbGX/////AAAACy9wcm9kdWN0cy83AAAACmNvbG91cj1yZWQAAAAAAgAA\
            ABARIjNEVWZ3iAAAAAAAAAAqAwAAAAgAyAAAAAJPSwQAAAAYAAABoictIhgAAAGiJy0mAAAAAAAAAAXcBQAAAAkAAAAAAADqYAEGAAAA\
            KQQAAAAAAAAAHv//////////AAAAACQMhAAAAAAAAAAD6AAAAAAAAAAHBwAAAIlEYXRlOiBTdW4sIDI5IE5vdiAyMDI2IDEyOjAwOjAw\
            IEdNVA0KQ29udGVudC1UeXBlOiB0ZXh0L2h0bWw7IGNoYXJzZXQ9dXRmLTgNCkNvbnRlbnQtTGFuZ3VhZ2U6IGRlDQpFVGFnOiAiNWYz\
            LTYxZTlkNmExIg0KWC1OYW1lOiBDYWbpDQoNCggAAAAhU3Vycm9nYXRlLUNvbnRyb2w6IG1heC1hZ2U9NjANCg0KCQAAAIsBAAAABQMA\
            AAAPQWNjZXB0LUVuY29kaW5nAAAACGd6aXAsIGJyAAAACGlkZW50aXR5BAAAAA9BY2NlcHQtTGFuZ3VhZ2UAAAACZGX/////AgAAAANC\
            YXL//////////wEAAAAGQ29va2llAAAAA2E9Mf////8CAAAAA0ZvbwAAAAMxLDIAAAADMSwyCgAAADAAAAAEc2hvcAAAAAMAAAAJcHJv\
            ZHVjdDo3AAAABWNhZsOpAAAAAWcAAAABAAAAAWcgAAAAP0hlbGxvLCBIZWxsbywgSGVsbG8sIEhlbGxvLCBIZWxsbywgSGVsbG8sIEhl\
            bGxvLCBIZWxsbywgSGVsbG8sICEAAAAHZ3ppcHBlZF1xr0c=""";

    static Stored page(CacheRules.Negotiation how) {
        Headers request =
                Headers.of("Accept-Encoding", "gzip, br", "Accept-Language", "de", "Cookie", "a=1", "Foo", "1,2");
        Headers headers = Headers.of(
                "Date", "Sun, 29 Nov 2026 12:00:00 GMT",
                "Content-Type", "text/html; charset=utf-8",
                "Content-Language", "de",
                "ETag", "\"5f3-61e9d6a1\"",
                "X-Name", "Caf\u00e9");
        Headers vary = headers.with(Fields.VARY, "Foo, Cookie, Accept-Language, Accept-Encoding, Bar");
        Stored.Head head = new Stored.Head(
                200,
                "OK",
                headers,
                Headers.of("Surrogate-Control", "max-age=60"),
                VaryKey.of(how, request, vary).orElseThrow(),
                new Age(1_795_953_599_000L, 1_795_953_600_000L, 1500),
                new Freshness(60_000, Freshness.Origin.S_MAXAGE),
                new Stored.Use(
                        StaleTerms.of(false, false, 30, -1),
                        604_800_000L,
                        new Tags("shop", List.of("product:7", "caf\u00e9", "g"), List.of("g")),
                        Standing.SOFTENED,
                        Stored.Fetched.of(1000, 7)));
        Stored plain = new Stored(head, Bytes.utf8("Hello, ".repeat(9)));
        return Encodings.with(plain, Bytes.utf8("gzipped"));
    }

    private static byte[] envelope(Stored stored) {
        StoredFormat.Encoded encoded = StoredFormat.encode(KEY, stored, AS_OF, 1);
        assertThat(encoded.chunks()).isEmpty();
        return encoded.head();
    }

    /** Equality of what is stored leaves out what two responses may differ in that take each other's place. */
    static void assertSame(Stored read, Stored written) {
        assertThat(read).isEqualTo(written);
        assertThat(read.headers().toString()).isEqualTo(written.headers().toString());
        assertThat(read.vary().terms()).isEqualTo(written.vary().terms());
        assertThat(read.head().surrogate().toString())
                .isEqualTo(written.head().surrogate().toString());
        if (!written.vary().equals(VaryKey.NONE)) {
            assertThat(read.vary().how()).isEqualTo(written.vary().how());
        }
    }

    private static Why why(byte[] envelope) {
        return why(KEY, envelope);
    }

    private static Why why(CacheKey expected, byte[] envelope) {
        assertThat(StoredFormat.decode(expected, envelope)).isInstanceOf(Foreign.class);
        return ((Foreign) StoredFormat.decode(expected, envelope)).why();
    }

    @Test
    void whateverIsStoredSurvives() {
        Specimens specimens = new Specimens(20261129);
        Map<VaryTerm.Kind, Integer> kinds = new EnumMap<>(VaryTerm.Kind.class);
        Set<Freshness.Origin> origins = EnumSet.noneOf(Freshness.Origin.class);
        int gzipped = 0;
        for (int i = 0; i < 5_000; i++) {
            CacheKey key = specimens.key();
            Stored written = specimens.stored();
            AsOf asOf = specimens.asOf();
            StoredFormat.Encoded encoded = StoredFormat.encode(key, written, asOf, i);
            assertThat(encoded.chunks()).isEmpty();
            Whole read = (Whole) StoredFormat.decode(key, encoded.head());
            assertThat(read.key()).isEqualTo(key);
            assertThat(read.asOf()).isEqualTo(asOf);
            assertSame(read.stored(), written);
            assertThat(read.stored().weight()).isLessThanOrEqualTo(written.weight());
            gzipped += written.gzipped() == null ? 0 : 1;
            written.vary().terms().forEach(term -> kinds.merge(term.kind(), 1, Integer::sum));
            origins.add(written.head().freshness().origin());
        }
        assertThat(kinds.keySet()).containsExactlyInAnyOrder(VaryTerm.Kind.values());
        assertThat(kinds.values()).allMatch(times -> times > 100);
        assertThat(origins).containsExactlyInAnyOrder(Freshness.Origin.values());
        assertThat(gzipped).isGreaterThan(200);
    }

    @Test
    void variantsAreToldApartAsBefore() {
        for (boolean selecting : List.of(true, false)) {
            Stored written = page(new CacheRules.Negotiation(true, selecting));
            Stored read = ((Whole) StoredFormat.decode(KEY, envelope(written))).stored();
            Headers others = Headers.of("Accept-Language", "de, en;q=0.1", "Cookie", "a=1", "Foo", "1, 2");
            assertThat(read.vary().matches(others.with(Fields.ACCEPT_ENCODING, "br, gzip")))
                    .isEqualTo(selecting);
            assertThat(read.vary().matches(others.with(Fields.ACCEPT_ENCODING, "zstd")))
                    .isFalse();
        }
    }

    @Test
    void whatIsReadKeepsNothingElseAlive() {
        byte[] envelope = envelope(PAGE);
        Stored read = ((Whole) StoredFormat.decode(KEY, envelope)).stored();
        Arrays.fill(envelope, (byte) 0);
        assertSame(read, PAGE);
        assertThat(read.weight()).isLessThanOrEqualTo(PAGE.weight());
        assertThat(read.reason()).isSameAs("OK");
    }

    @Test
    void envelopesOfVersionOneAreReadForEver() {
        assertThat(Base64.getEncoder().encodeToString(ENVELOPE)).isEqualTo(GOLDEN);
        Whole read = (Whole) StoredFormat.decode(KEY, Base64.getDecoder().decode(GOLDEN));
        assertSame(read.stored(), PAGE);
        assertThat(read.asOf()).isEqualTo(AS_OF);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            http://shop.example/products/7             | without its query
            http://shop.example/products/7?            | with an empty one
            http://shop.example/products/7?colour=blue | another query
            http://shop.example/products/8?colour=red  | another path
            https://shop.example/products/7?colour=red | another scheme
            http://shop.example:81/products/7?colour=red | another port
            http://shop.test/products/7?colour=red     | another host
            """)
    void anotherKeyIsAnotherKey(String uri, String difference) {
        assertThat(why(Specimens.key(uri), ENVELOPE)).as(difference).isEqualTo(Why.ANOTHER_KEY);
    }

    @Test
    void whatElseIsInAKeyCounts() {
        assertThat(why(KEY.partial(), ENVELOPE)).isEqualTo(Why.ANOTHER_KEY);
        CacheKey within = CacheKey.of(
                KeyRules.PLAIN.within("b"),
                Request.get(Target.of("http", "shop.example", "/products/7?colour=red"), Headers.EMPTY));
        assertThat(why(within, ENVELOPE)).isEqualTo(Why.ANOTHER_KEY);
    }

    @Test
    void anEnvelopeThatWasCutIsForeign() {
        for (int length = 0; length < ENVELOPE.length; length++) {
            assertThat(why(Arrays.copyOf(ENVELOPE, length))).isEqualTo(Why.TRUNCATED);
        }
    }

    @Test
    void anEnvelopeThatWasCutByAForgerIsForeign() {
        byte[] whole = envelope(new Stored(PAGE.head(), PAGE.body()));
        for (int length = Forgery.PREFIX + Forgery.CHECK; length < whole.length; length++) {
            byte[] cut = Forgery.sealed(Arrays.copyOf(whole, length));
            assertThat(why(cut)).isEqualTo(Why.MALFORMED);
        }
    }

    @Test
    void everyFlippedBitIsSeen() {
        for (int bit = 0; bit < ENVELOPE.length * 8; bit++) {
            byte[] flipped = ENVELOPE.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Why why = why(flipped);
            switch (bit / 8) {
                case 0, 1, 2, 3 -> assertThat(why).isEqualTo(Why.NOT_OURS);
                case 4 -> assertThat(why).isIn(Why.NOT_OURS, Why.NEWER_VERSION);
                case 5, 6, 7, 8 -> assertThat(why).isIn(Why.TRUNCATED, Why.MALFORMED);
                default -> assertThat(why).isEqualTo(Why.CHECKSUM);
            }
        }
    }

    @Test
    void aNewerVersionIsToldFromRubbish() {
        byte[] newer = ENVELOPE.clone();
        newer[4] = 2;
        assertThat(why(newer)).isEqualTo(Why.NEWER_VERSION);
        assertThat(why(Forgery.sealed(newer))).isEqualTo(Why.NEWER_VERSION);
        assertThat(why("something else altogether".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Why.NOT_OURS);
    }

    @Test
    void fieldsThatNobodyKnowsArePassed() {
        byte[] later = Forgery.of(ENVELOPE)
                .with(11, text("of a later release"))
                .with(31)
                .then(35)
                .then(255, new byte[300])
                .envelope();
        assertSame(((Whole) StoredFormat.decode(KEY, later)).stored(), PAGE);
    }

    @Test
    void fieldsThatMustBeThereAre() {
        Forgery.of(ENVELOPE).numbers().forEach(number -> {
            byte[] without = Forgery.of(ENVELOPE).without(number).envelope();
            boolean needed = number <= 7 || number == 32;
            assertThat(StoredFormat.decode(KEY, without))
                    .as("without field " + number)
                    .isInstanceOf(needed ? Foreign.class : Whole.class);
            byte[] twice = Forgery.of(ENVELOPE)
                    .then(number, Forgery.of(ENVELOPE).field(number))
                    .envelope();
            assertThat(why(twice)).as("field " + number + " again").isEqualTo(Why.MALFORMED);
            if (number < 32) {
                byte[] longer = Forgery.of(ENVELOPE)
                        .with(number, Forgery.of(ENVELOPE).field(number), new byte[1])
                        .envelope();
                assertThat(why(longer)).as("more in field " + number).isEqualTo(Why.MALFORMED);
            }
        });
        assertThat(why(Forgery.of(ENVELOPE).then(11).envelope())).isEqualTo(Why.MALFORMED);
    }

    static Stream<Arguments> nonsense() {
        byte[] age = number(5, 8);
        return Stream.of(
                Arguments.of("a status that is not final", 3, Forgery.join(number(103, 2), text(""))),
                Arguments.of("a 304", 3, Forgery.join(number(304, 2), text(""))),
                Arguments.of("a status of four digits", 3, Forgery.join(number(2000, 2), text(""))),
                Arguments.of("no reason", 3, Forgery.join(number(200, 2), number(-1, 4))),
                Arguments.of("a reason that splits", 3, Forgery.join(number(200, 2), text("OK\r\nSet-Cookie: a=1"))),
                Arguments.of("a reason beyond Latin 1", 3, Forgery.join(number(200, 2), text("\u0100"))),
                Arguments.of(
                        "a reason that is no UTF-8", 3, Forgery.join(number(200, 2), number(1, 4), number(0xff, 1))),
                Arguments.of("a text that is too long", 3, Forgery.join(number(200, 2), number(3, 4), number(0, 2))),
                Arguments.of("a text that is far too long", 3, Forgery.join(number(200, 2), number(0x7fffffff, 4))),
                Arguments.of("a negative age", 4, Forgery.join(age, age, number(-1, 8))),
                Arguments.of("an age to overflow with", 4, Forgery.join(age, age, number(Long.MAX_VALUE, 8))),
                Arguments.of("an unknown origin", 5, Forgery.join(age, number(99, 1))),
                Arguments.of("an unknown flag", 6, Forgery.join(number(8, 1), age, age, age, age, age)),
                Arguments.of("seconds below none", 6, Forgery.join(number(0, 1), number(-2, 8), age, age, age, age)),
                Arguments.of("a span below zero", 6, Forgery.join(number(0, 1), age, age, number(-1, 8), age, age)),
                Arguments.of("a line without CR", 7, lines("A: b\nC: d\r\n\r\n")),
                Arguments.of("lines without an end", 7, lines("A: b\r\n")),
                Arguments.of("nothing at all", 7, lines("")),
                Arguments.of("something behind the end", 7, lines("A: b\r\n\r\nC: d\r\n\r\n")),
                Arguments.of("a body behind the end", 7, lines("A: b\r\n\r\n<html>\n")),
                Arguments.of("a CR in a value", 7, lines("A: b\rC: d\r\n\r\n")),
                Arguments.of("a NUL in a value", 7, lines("A: b\0\r\n\r\n")),
                Arguments.of("a name that is none", 7, lines("A b: c\r\n\r\n")),
                Arguments.of("a folded line", 7, lines("A: b\r\n c\r\n\r\n")),
                Arguments.of("a length of its own", 7, lines("content-length: 3\r\n\r\n")),
                Arguments.of("a coding of its own", 7, lines("A: b\r\nTransfer-Encoding: chunked\r\n\r\n")),
                Arguments.of("a folded line for gateways", 8, lines("A: b\r\n c\r\n\r\n")),
                Arguments.of("no such comparison", 9, vary(term(9, "Foo", "1", null))),
                Arguments.of("more fields than there are", 9, Forgery.join(number(1, 1), number(1 << 30, 4))),
                Arguments.of("a field that has no name", 9, vary(term(1, "", "1", null))),
                Arguments.of("fields out of order", 9, vary(term(1, "Foo", "1", null), term(1, "Bar", "1", null))),
                Arguments.of("a field twice", 9, vary(term(1, "Foo", "1", null), term(1, "foo", "1", null))),
                Arguments.of("a value that splits", 9, vary(term(1, "Foo", "1\r\n", null))),
                Arguments.of("octets with a meaning", 9, vary(term(1, "Foo", "1", "1"))),
                Arguments.of("a list without a meaning", 9, vary(term(2, "Foo", "1", null))),
                Arguments.of("a list of cookies", 9, vary(term(2, "Cookie", "a=1, 2", "a=1,2"))),
                Arguments.of("encodings of something else", 9, vary(term(3, "Foo", "gzip", "gzip"))),
                Arguments.of("encodings that make no sense", 9, vary(term(3, "Accept-Encoding", "gzip;q=9", "gzip"))),
                Arguments.of("languages that are absent", 9, vary(term(4, "Accept-Language", null, "de"))),
                Arguments.of("languages of something else", 9, vary(term(4, "Foo", "de", "de"))),
                Arguments.of("more tags than there are", 10, Forgery.join(text(""), number(-1, 4))),
                Arguments.of(
                        "a tag that is absent", 10, Forgery.join(text(""), number(1, 4), number(-1, 4), number(0, 4))));
    }

    private static byte[] lines(String lines) {
        return lines.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] vary(byte[]... terms) {
        return Forgery.join(number(1, 1), number(terms.length, 4), Forgery.join(terms));
    }

    private static byte[] term(int kind, String name, @Nullable String octets, @Nullable String beside) {
        byte[] absent = number(-1, 4);
        return Forgery.join(
                number(kind, 1),
                text(name),
                octets == null ? absent : text(octets),
                beside == null ? absent : text(beside));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void whatNoResponseSaysIsMalformed(String what, int field, byte[] content) {
        byte[] forged = Forgery.of(ENVELOPE).with(field, content).envelope();
        assertThat(why(forged)).as(what).isEqualTo(Why.MALFORMED);
    }

    @Test
    void theForgerIsNotCaughtByAccident() {
        byte[] forged = Forgery.of(ENVELOPE)
                .with(3, number(404, 2), text("Fort"))
                .with(7, lines("A:b\r\nC:\td \r\n\r\n"))
                .with(9, vary(term(3, "accept-encoding", "gzip", "rot13"), term(1, "Bar", "1", null)))
                .with(10, text("\ufffd"), number(0, 4), number(0, 4))
                .envelope();
        Stored read = ((Whole) StoredFormat.decode(KEY, forged)).stored();
        assertThat(read.reason()).isEqualTo("Fort");
        assertThat(read.headers().toString()).isEqualTo("A: b\r\nC: d\r\n");
        assertThat(read.tags().scope()).isEqualTo("\ufffd");
        assertThat(read.vary().names()).hasSize(2);
        assertThat(read.gzipped()).as("there is none of a 404").isNull();
    }

    @ParameterizedTest(name = "received {0} ago")
    @CsvSource({"PT0S, PT1H", "PT59M, PT1M", "PT1H, PT0S", "PT2H, -PT1H", "-PT5M, PT1H"})
    void whatIsLeftOfItsLife(Duration ago, Duration left) {
        Instant received = Instant.ofEpochMilli(1_795_953_600_000L);
        Stored.Head head = PAGE.head();
        Stored.Use use = new Stored.Use(
                head.use().stale(), Duration.ofHours(1).toMillis(), head.use().tags());
        Stored stored = new Stored(
                new Stored.Head(
                        200, "OK", head.headers(), Headers.EMPTY, head.vary(), head.age(), head.freshness(), use),
                PAGE.body());
        assertThat(StoredFormat.remainingLife(stored.head(), received.plus(ago)))
                .isEqualTo(left.toMillis());
    }
}
