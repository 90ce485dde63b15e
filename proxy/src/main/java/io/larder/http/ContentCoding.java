package io.larder.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The content codings that Larder can look into (RFC 9110 §8.4.1). */
public enum ContentCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    private static final int PIECE = 16 * 1024;

    /** How a look through decoded content ended. */
    public enum Reading {
        /** All of it was seen. */
        WHOLE,
        /** The reader had seen enough. */
        STOPPED,
        /** It is malformed, or longer than the limit. */
        BROKEN
    }

    /** What a message with {@code headers} is in; null for what cannot be looked into: br, zstd, several one over the other. */
    public static @Nullable ContentCoding of(Headers headers) {
        List<String> codings = FieldList.of(headers, Fields.CONTENT_ENCODING);
        if (codings.size() > 1) {
            return null;
        }
        return switch (codings.isEmpty() ? "identity" : codings.get(0).toLowerCase(Locale.ROOT)) {
            case "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> null;
        };
    }

    /**
     * Shows {@code coded}, decoded, to {@code reader} piece by piece, until it answers that it has seen enough. Takes little
     * memory however much the content grows; takes its time, so it is nothing for a loop. A piece is only good during the call.
     *
     * @param limit the most octets that are decoded
     */
    public Reading read(Bytes coded, long limit, Predicate<Bytes.Segment> reader) {
        if (this == IDENTITY) {
            return coded.segments().stream().anyMatch(reader) ? Reading.STOPPED : Reading.WHOLE;
        }
        try (InputStream decoded = decoder(coded)) {
            byte[] piece = new byte[PIECE];
            long total = 0;
            for (int n = decoded.read(piece); n >= 0; n = decoded.read(piece)) {
                total += n;
                if (reader.test(new Bytes.Segment(piece, 0, n))) {
                    return Reading.STOPPED;
                }
                if (total > limit) {
                    return Reading.BROKEN;
                }
            }
            return Reading.WHOLE;
        } catch (IOException malformed) {
            return Reading.BROKEN;
        }
    }

    /**
     * {@code coded} without this coding. Takes its time, so it is nothing for a loop.
     *
     * @param limit the most octets that it may become
     * @return null where it is malformed, or grows longer than that
     */
    public @Nullable Bytes decode(Bytes coded, long limit) {
        if (this == IDENTITY) {
            return coded;
        }
        BytesOutput text = new BytesOutput();
        Reading reading = read(coded, limit, piece -> {
            text.write(piece.array(), piece.offset(), piece.length());
            return false;
        });
        return reading == Reading.WHOLE ? text.bytes() : null;
    }

    private InputStream decoder(Bytes coded) throws IOException {
        BytesInput input = new BytesInput(coded);
        return this == GZIP ? new GZIPInputStream(input) : new Deflated(input, isBare(coded));
    }

    /** "deflate" is the zlib format, but some send the bare stream (RFC 9110 §8.4.1.2). */
    private static boolean isBare(Bytes coded) {
        if (coded.length() < 2) {
            return false;
        }
        byte[] start = coded.slice(0, 2).toArray();
        int header = (start[0] & 0xff) << 8 | (start[1] & 0xff);
        return (start[0] & 0x0f) != 8 || header % 31 != 0; // RFC 1950 §2.2
    }

    private static final class Deflated extends InflaterInputStream {
        Deflated(InputStream input, boolean bare) {
            super(input, new Inflater(bare), PIECE);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }

    /** {@code content} as gzip (RFC 1952), the same octets every time. Takes its time, so it is nothing for a loop. */
    public static Bytes gzip(Bytes content) {
        BytesOutput output = new BytesOutput();
        try (GZIPOutputStream gzip = new GZIPOutputStream(output, PIECE)) {
            for (Bytes.Segment segment : content.segments()) {
                gzip.write(segment.array(), segment.offset(), segment.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return output.bytes();
    }
}
