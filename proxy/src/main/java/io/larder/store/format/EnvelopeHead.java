package io.larder.store.format;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.http.CacheControl;
import io.larder.http.HeadLimits;
import io.larder.http.HeadParser;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Status;
import io.larder.policy.Age;
import io.larder.policy.CacheKey;
import io.larder.policy.Encodings;
import io.larder.policy.Freshness;
import io.larder.policy.StaleTerms;
import io.larder.policy.Standing;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import io.larder.policy.VaryKey;
import io.larder.store.format.EnvelopeReader.Unreadable;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope says beside the octets of the body. The writing of each field stands beside its reading; their layout is
 * told in {@link StoredFormat}.
 */
record EnvelopeHead(CacheKey key, AsOf asOf, Stored.Head response) {
    private static final int KEY = 1;
    private static final int AS_OF = 2;
    private static final int STATUS = 3;
    private static final int AGE = 4;
    private static final int FRESHNESS = 5;
    private static final int USE = 6;
    private static final int HEADERS = 7;
    private static final int SURROGATE = 8;
    private static final int VARY = 9;
    private static final int TAGS = 10;

    /** Times and spans in milliseconds are less, so that no sum of a few of them overflows. */
    private static final long LONGEST = 1L << 53;

    /** How much of a head is taken was decided when it was received. */
    private static final HeadLimits ANY =
            new HeadLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    void write(EnvelopeWriter out) {
        out.field(KEY, field -> KeyFormat.write(key, field));
        out.field(AS_OF, field -> field.number(asOf.epoch(), 8).number(asOf.position(), 8));
        out.field(STATUS, field -> field.number(response.status(), 2).text(response.reason()));
        out.field(AGE, this::writeAge);
        out.field(FRESHNESS, this::writeFreshness);
        out.field(USE, this::writeUse);
        out.field(HEADERS, field -> writeHeaders(field, response.headers()));
        if (!response.surrogate().isEmpty()) {
            out.field(SURROGATE, field -> writeHeaders(field, response.surrogate()));
        }
        if (!response.vary().equals(VaryKey.NONE)) {
            out.field(VARY, field -> EnvelopeVary.write(field, response.vary()));
        }
        if (!response.use().tags().equals(Tags.NONE)) {
            out.field(TAGS, this::writeTags);
        }
    }

    static EnvelopeHead read(CacheKey expected, EnvelopeReader in) throws Unreadable {
        if (!in.field(KEY, field -> KeyFormat.isNext(expected, field))) {
            throw new Unreadable(Decoded.Why.ANOTHER_KEY);
        }
        AsOf asOf = in.field(AS_OF, field -> new AsOf(field.number(8), field.number(8)));
        StatusLine status = in.field(STATUS, EnvelopeHead::status);
        Age age = in.field(AGE, EnvelopeHead::age);
        Freshness freshness = in.field(FRESHNESS, EnvelopeHead::freshness);
        Use use = in.field(USE, EnvelopeHead::use);
        Headers headers = in.field(HEADERS, EnvelopeHead::headers);
        if (!Stored.Head.mayHave(headers)) {
            throw EnvelopeReader.malformed();
        }
        Headers surrogate = in.has(SURROGATE) ? in.field(SURROGATE, EnvelopeHead::headers) : Headers.EMPTY;
        VaryKey vary = in.has(VARY) ? in.field(VARY, EnvelopeVary::read) : VaryKey.NONE;
        Tags tags = in.has(TAGS) ? in.field(TAGS, EnvelopeHead::tags) : Tags.NONE;
        Stored.Head response =
                new Stored.Head(status.status, status.reason, headers, surrogate, vary, age, freshness, use.with(tags));
        return new EnvelopeHead(expected, asOf, response);
    }

    /** All of it, now that the octets are there. */
    Decoded.Whole with(Bytes body, @Nullable Bytes gzipped) {
        return new Decoded.Whole(key, Encodings.with(new Stored(response, body), gzipped), asOf);
    }

    private record StatusLine(int status, String reason) {}

    private static StatusLine status(EnvelopeReader in) throws Unreadable {
        int status = (int) in.number(2);
        String reason = in.valueOrNull();
        if (status < 200 || status > 599 || status == 304 || reason == null) {
            throw EnvelopeReader.malformed();
        }
        String usual = Status.reason(status);
        return new StatusLine(status, reason.equals(usual) ? usual : reason);
    }

    private void writeAge(EnvelopeWriter out) {
        Age age = response.age();
        out.number(age.requestedAt(), 8).number(age.receivedAt(), 8).number(age.initial(), 8);
    }

    private static Age age(EnvelopeReader in) throws Unreadable {
        return new Age(in.number(0, LONGEST), in.number(0, LONGEST), in.number(0, LONGEST));
    }

    private void writeFreshness(EnvelopeWriter out) {
        Freshness freshness = response.freshness();
        out.number(freshness.lifetime(), 8).number(code(freshness.origin()), 1);
    }

    private static Freshness freshness(EnvelopeReader in) throws Unreadable {
        long lifetime = in.number(0, LONGEST);
        long code = in.number(1);
        for (Freshness.Origin origin : Freshness.Origin.values()) {
            if (code(origin) == code) {
                return new Freshness(lifetime, origin);
            }
        }
        throw EnvelopeReader.malformed();
    }

    private static int code(Freshness.Origin origin) {
        return switch (origin) {
            case NONE -> 0;
            case S_MAXAGE -> 1;
            case MAX_AGE -> 2;
            case EXPIRES -> 3;
            case X_ACCEL_EXPIRES -> 4;
            case HEURISTIC -> 5;
            case ROUTE_TTL -> 6;
            case ROUTE_DEFAULT -> 7;
            case ROUTE_NEGATIVE -> 8;
        };
    }

    private void writeUse(EnvelopeWriter out) {
        Stored.Use use = response.use();
        StaleTerms stale = use.stale();
        out.flags(stale.always(), stale.never(), use.standing().kind() != Standing.Kind.SOUND);
        out.number(stale.whileRevalidate(), 8).number(stale.ifError(), 8).number(use.keep(), 8);
        out.number(use.fetched().millis(), 8).number(use.fetched().by(), 8);
    }

    /** A {@link Stored.Use} but for its tags, which stand in a field of their own. */
    private record Use(StaleTerms stale, boolean softened, long keep, Stored.Fetched fetched) {
        Stored.Use with(Tags tags) {
            return new Stored.Use(stale, keep, tags, softened ? Standing.SOFTENED : Standing.SOUND, fetched);
        }
    }

    private static Use use(EnvelopeReader in) throws Unreadable {
        boolean[] flags = in.flags(3);
        long whileRevalidate = in.number(CacheControl.ABSENT, CacheControl.MAX_SECONDS);
        long ifError = in.number(CacheControl.ABSENT, CacheControl.MAX_SECONDS);
        long keep = in.number(0, LONGEST);
        Stored.Fetched fetched = Stored.Fetched.of(in.number(0, LONGEST), in.number(8));
        return new Use(StaleTerms.of(flags[0], flags[1], whileRevalidate, ifError), flags[2], keep, fetched);
    }

    private static void writeHeaders(EnvelopeWriter out, Headers headers) {
        Headers wire = headers.wire();
        out.octets(wire.wireArray(), wire.wireStart(), wire.wireLength()).number(('\r' << 8) | '\n', 2);
    }

    /** By the one parser that also reads what origins send: what it refuses never was a response's. */
    private static Headers headers(EnvelopeReader in) throws Unreadable {
        byte[] lines = in.array();
        try {
            Headers headers = HeadParser.fields(lines, 0, lines.length, ANY);
            boolean allRead = lines[lines.length - 1] == '\n' && count('\n', lines) == headers.size() + 1;
            if (!allRead) { // something stands behind the empty line
                throw EnvelopeReader.malformed();
            }
            return headers;
        } catch (Malformed refused) {
            throw EnvelopeReader.malformed();
        }
    }

    private static int count(char octet, byte[] octets) {
        int count = 0;
        for (byte b : octets) {
            count += b == octet ? 1 : 0;
        }
        return count;
    }

    private void writeTags(EnvelopeWriter out) {
        Tags tags = response.use().tags();
        out.text(tags.scope());
        out.texts(tags.names());
        out.texts(tags.groups());
    }

    private static Tags tags(EnvelopeReader in) throws Unreadable {
        return new Tags(in.text(), in.texts(), in.texts());
    }
}
