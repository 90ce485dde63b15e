package io.larder.store.format;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.store.format.Decoded.Foreign;
import io.larder.store.format.Decoded.Why;
import io.larder.store.format.EnvelopeReader.Unreadable;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How a stored response is written where all nodes read it: in an envelope, and its octets beside that in chunks where they
 * are too many for one value. Pure: what is kept under which key, and for how long, is for others to say.
 *
 * <p>Reading is total. Whatever is given to it, it answers with a response or with why there is none, and takes no more
 * memory than a small multiple of what it was given. A response that was read has passed the grammar that responses of
 * origins pass, so that nobody who can write to the shared tier splits a message with it.
 *
 * <h2>Layout of version 1</h2>
 *
 * Numbers are unsigned and have their highest octet first; {@code u4} takes four octets. A {@code text} is its length (u4)
 * and so many octets of UTF-8, or 0xffffffff where it is absent. Times are in milliseconds since the epoch, and spans in
 * milliseconds too, where nothing else is said.
 *
 * <pre>
 * envelope  magic u4 0x4c524452 · version u1 · size u4, of all of it · field… · check u4, CRC-32C of all before it
 * field     number u1 · length u4 · content; in the order of their numbers, none twice
 *
 *  1 key         scheme text · host text · port u4 (0xffffffff: none) · path text · query text · extras text
 *  2 as-of       epoch u8 · position u8
 *  3 status      status u2 · reason text
 *  4 age         requested at u8 · received at u8 · initial age u8
 *  5 freshness   lifetime u8 · what says so u1, a code
 *  6 use         flags u1 (1 always validated, 2 never stale, 4 softened) · stale-while-revalidate u8, in seconds or -1 ·
 *                stale-if-error u8, likewise · worth keeping for u8 · fetched within u8 · fetched by u8
 *  7 headers     lines as in HTTP/1.1, an empty one at the end
 *  8 surrogate   likewise; left out for none
 *  9 vary        flags u1 (1 normalised, 2 selects by language) · count u4 · each: kind u1, a code · name text ·
 *                octets text · beside text; left out for none
 * 10 tags        scope text · count u4 · each: name text · count u4 · each: group text; left out for none
 *
 * 32 body        octets
 * 33 gzipped     octets of the gzipped form; left out for none
 *                or, in place of these two,
 * 34 chunks      generation u8 · length of the body u8 · of the gzipped form u8, or -1 for none ·
 *                count u4 · each: length u4 · check u4, CRC-32C of the chunk
 *
 * chunk     generation u8 · place u4 · octets; those of all chunks are the body and, right behind it, the gzipped form
 * </pre>
 *
 * The fields of the gzipped form are not written: they follow from those of the plain one.
 *
 * <h2>How it may change</h2>
 *
 * <ul>
 *   <li>Nodes of two releases share a tier while one takes the other's place. A node passes fields whose numbers it does not
 *       know. What an old node may ignore without serving anything that is wrong can come as a field with a new number.
 *   <li>Everything else raises the version: another meaning or content of a field that there is, a new flag or code, a field
 *       that must not be ignored. An old node takes such an envelope for {@link Why#NEWER_VERSION}, a miss. A node should
 *       write each envelope in the oldest version that can say what is in it, so that this hits few of them.
 *   <li>Numbers and codes are never given to something else. Magic and version stay where they are in all versions.
 * </ul>
 */
public final class StoredFormat {
    /** Larger values than this are not made, unless fields alone are larger; in octets. */
    public static final int CHUNK = 512 * 1024;

    private static final int MAGIC = 0x4c524452; // LRDR
    private static final int VERSION = 1;
    private static final int PREFIX = 4 + 1 + 4;
    private static final int SIZE = 4 + 1; // where it stands
    private static final int CHECK = 4;

    private static final int BODY = 32;
    private static final int GZIPPED = 33;
    private static final int CHUNKS = 34;

    /** A guess of how large an envelope is without its body, in octets. */
    private static final int USUAL_HEAD = 1024;

    private StoredFormat() {}

    /**
     * A stored response as it is written.
     *
     * @param head the envelope; not to be written to
     * @param chunks to be kept beside it, each under a key of its own, in this order; not to be written to
     */
    @SuppressWarnings("ArrayRecordComponent") // each is made once and handed on
    public record Encoded(byte[] head, List<byte[]> chunks) {
        public Encoded {
            chunks = List.copyOf(chunks);
        }
    }

    /**
     * Writes {@code stored}.
     *
     * @param asOf the purges that its fetch had seen
     * @param generation a random number: tells its chunks, where there are any, from those of every other envelope
     */
    public static Encoded encode(CacheKey key, Stored stored, AsOf asOf, long generation) {
        EnvelopeWriter out = new EnvelopeWriter(USUAL_HEAD);
        out.number(MAGIC, 4).number(VERSION, 1).number(0, 4);
        new EnvelopeHead(key, asOf, stored.head()).write(out);
        Bytes body = stored.body();
        Stored gzipped = stored.gzipped();
        Bytes octets = gzipped == null ? body : Bytes.concat(List.of(body, gzipped.body()));
        int around = (gzipped == null ? 1 : 2) * EnvelopeWriter.BEFORE_CONTENT + CHECK;
        long more = octets.length() + around;
        List<byte[]> chunks = List.of();
        if (out.length() + more > CHUNK && !octets.isEmpty()) {
            List<byte[]> cut = Chunked.cut(octets, generation);
            out.field(CHUNKS, field -> Chunked.write(field, stored, generation, cut));
            chunks = cut;
        } else {
            out.fit((int) more);
            out.field(BODY, field -> field.octets(body));
            if (gzipped != null) {
                out.field(GZIPPED, field -> field.octets(gzipped.body()));
            }
        }
        out.put(SIZE, out.length() + CHECK, 4);
        out.check();
        return new Encoded(out.array(), chunks);
    }

    /**
     * Reads {@code envelope}. Never throws.
     *
     * @param expected the key that it was looked for under: it may have been put there by mistake, or by chance
     */
    public static Decoded decode(CacheKey expected, byte[] envelope) {
        try {
            return read(expected, opened(envelope));
        } catch (Unreadable e) {
            return new Foreign(e.why());
        }
    }

    /** The fields of an envelope that is known to be what was written. */
    private static EnvelopeReader opened(byte[] envelope) throws Unreadable {
        if (envelope.length < PREFIX + CHECK) {
            throw new Unreadable(Why.TRUNCATED);
        }
        int end = envelope.length - CHECK;
        EnvelopeReader prefix = new EnvelopeReader(envelope, 0, PREFIX);
        boolean ours = prefix.number(4) == MAGIC;
        long version = prefix.number(1);
        if (!ours || version == 0) {
            throw new Unreadable(Why.NOT_OURS);
        }
        if (version > VERSION) {
            throw new Unreadable(Why.NEWER_VERSION);
        }
        long size = prefix.number(4);
        if (size != envelope.length) {
            throw new Unreadable(size > envelope.length ? Why.TRUNCATED : Why.MALFORMED);
        }
        if ((int) new EnvelopeReader(envelope, end, envelope.length).number(4) != crc(envelope, end)) {
            throw new Unreadable(Why.CHECKSUM);
        }
        return new EnvelopeReader(envelope, PREFIX, end);
    }

    private static Decoded read(CacheKey expected, EnvelopeReader in) throws Unreadable {
        EnvelopeHead head = EnvelopeHead.read(expected, in);
        if (!in.has(BODY)) {
            Chunked chunked = in.field(CHUNKS, field -> Chunked.read(head, field));
            in.finish();
            return chunked;
        }
        Bytes body = in.field(BODY, EnvelopeReader::octets);
        Bytes gzipped = in.has(GZIPPED) ? in.field(GZIPPED, EnvelopeReader::octets) : null;
        in.finish();
        return head.with(body, gzipped);
    }

    /**
     * For how many milliseconds from {@code now} on a response is worth keeping where other nodes find it; zero or less: it
     * is not to be written.
     */
    public static long remainingLife(Stored.Head response, Instant now) {
        return response.use().keep() - response.age().resident(now);
    }

    /** The CRC-32C (RFC 3720 §12.1) of the first {@code length} octets of {@code octets}. */
    static int crc(byte[] octets, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, 0, length);
        return (int) crc.getValue();
    }
}
