package io.larder.store.format;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.policy.Stored;
import io.larder.store.format.EnvelopeReader.Unreadable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All of a stored response but its octets, and how to know those when they are found: they were too many for one value and
 * lie in chunks, each under a key of its own. A value.
 */
public final class Chunked implements Decoded {
    /** Before the octets of a chunk: the generation and its place. */
    private static final int FRAME = 8 + 4;

    private static final long NO_GZIPPED = -1; // in place of a length

    private final EnvelopeHead head;
    private final long generation;
    private final long body; // octets
    private final long gzipped; // octets
    private final int[] lengths; // of the chunks, frames included
    private final int[] checks;

    private Chunked(EnvelopeHead head, long generation, long body, long gzipped, int[] lengths, int[] checks) {
        this.head = head;
        this.generation = generation;
        this.body = body;
        this.gzipped = gzipped;
        this.lengths = lengths;
        this.checks = checks;
    }

    /** What the response says: enough to tell whether its octets are wanted. */
    public Stored.Head response() {
        return head.response();
    }

    /** The purges that its fetch had seen. */
    public AsOf asOf() {
        return head.asOf();
    }

    /** What whoever wrote it called these chunks, so as to tell them from those of other envelopes of the key. */
    public long generation() {
        return generation;
    }

    /** How many chunks there are; at least one. */
    public int count() {
        return lengths.length;
    }

    /** How many octets the response has, in both of its forms. */
    public long octets() {
        return body + Math.max(0, gzipped);
    }

    /**
     * All of the response, if {@code chunks} are what was written beside the envelope.
     *
     * @param chunks in the order in which they were written, null for one that was not found
     */
    public Settled with(List<byte @Nullable []> chunks) {
        try {
            Bytes all = joined(chunks);
            Bytes first = all.slice(0, body).compact();
            return head.with(
                    first,
                    gzipped == NO_GZIPPED
                            ? null
                            : all.slice(body, body + gzipped).compact());
        } catch (Unreadable e) {
            return new Foreign(e.why());
        }
    }

    private Bytes joined(List<byte @Nullable []> chunks) throws Unreadable {
        List<Bytes> parts = new ArrayList<>(lengths.length);
        for (int place = 0; place < lengths.length; place++) {
            byte[] chunk = place < chunks.size() ? chunks.get(place) : null;
            if (chunk == null) {
                throw new Unreadable(Why.MISSING_CHUNK);
            }
            check(place, chunk);
            parts.add(Bytes.of(chunk, FRAME, chunk.length - FRAME));
        }
        return Bytes.concat(parts);
    }

    private void check(int place, byte[] chunk) throws Unreadable {
        if (chunk.length < FRAME) {
            throw new Unreadable(Why.TRUNCATED);
        }
        EnvelopeReader frame = new EnvelopeReader(chunk, 0, FRAME);
        if (frame.number(8) != generation || frame.number(4) != place) {
            throw new Unreadable(Why.ANOTHER_CHUNK);
        }
        if (chunk.length < lengths[place]) {
            throw new Unreadable(Why.TRUNCATED);
        }
        if (chunk.length > lengths[place] || StoredFormat.crc(chunk, chunk.length) != checks[place]) {
            throw new Unreadable(Why.CHECKSUM);
        }
    }

    /** The octets of a body, and of its gzipped form, as chunks of at most {@link StoredFormat#CHUNK} octets. */
    static List<byte[]> cut(Bytes octets, long generation) {
        List<byte[]> chunks = new ArrayList<>();
        int most = StoredFormat.CHUNK - FRAME;
        for (long at = 0; at < octets.length(); at += most) {
            Bytes part = octets.slice(at, Math.min(octets.length(), at + most));
            EnvelopeWriter chunk = new EnvelopeWriter(FRAME + (int) part.length());
            chunk.number(generation, 8).number(chunks.size(), 4).octets(part);
            chunks.add(chunk.array());
        }
        return chunks;
    }

    /** Writes how {@code chunks} are known again, which {@code stored} was cut into. */
    static void write(EnvelopeWriter out, Stored stored, long generation, List<byte[]> chunks) {
        Stored gzipped = stored.gzipped();
        out.number(generation, 8).number(stored.body().length(), 8);
        out.number(gzipped == null ? NO_GZIPPED : gzipped.body().length(), 8);
        out.number(chunks.size(), 4);
        for (byte[] chunk : chunks) {
            out.number(chunk.length, 4).number(StoredFormat.crc(chunk, chunk.length), 4);
        }
    }

    static Chunked read(EnvelopeHead head, EnvelopeReader in) throws Unreadable {
        long generation = in.number(8);
        long body = in.number(0, Long.MAX_VALUE);
        long gzipped = in.number(NO_GZIPPED, Long.MAX_VALUE);
        int[] lengths = new int[in.count(8)];
        int[] checks = new int[lengths.length];
        long octets = 0;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) in.number(4);
            checks[i] = (int) in.number(4);
            if (lengths[i] <= FRAME || lengths[i] > StoredFormat.CHUNK) {
                throw EnvelopeReader.malformed();
            }
            octets += lengths[i] - FRAME;
        }
        // one after the other, so that no sum of lengths that were made up comes round to the right one
        boolean sums = body <= octets && octets - body == Math.max(0, gzipped);
        if (lengths.length == 0 || !sums) {
            throw EnvelopeReader.malformed();
        }
        return new Chunked(head, generation, body, gzipped, lengths, checks);
    }
}
