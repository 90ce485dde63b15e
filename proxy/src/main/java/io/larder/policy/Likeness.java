package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a stored body and one that is still coming begin to differ. Confined to one thread, but for {@link #difference},
 * which may be called on another once all has come.
 */
public final class Likeness {
    /** What {@link #difference} says of bodies that do not differ. */
    public static final long SAME = -1;

    private static final long MOST_DECODED = 16L * 1024 * 1024;

    private final Bytes stored;
    private final @Nullable ContentCoding coding; // of both, where it is one that can be decoded
    private final List<Bytes> coming = new ArrayList<>(); // only where it may have to be decoded
    private long length;
    private long differs = SAME;

    /** @param headers of the body that is coming */
    public Likeness(Stored stored, Headers headers) {
        this.stored = stored.body();
        String ours = coding(stored.headers());
        this.coding = !ours.equals(coding(headers))
                ? null
                : switch (ours) {
                    case "gzip", "x-gzip" -> ContentCoding.GZIP;
                    case "deflate" -> ContentCoding.DEFLATE;
                    default -> null;
                };
    }

    private static String coding(Headers headers) {
        String coding = headers.combined(Fields.CONTENT_ENCODING);
        return coding == null ? "" : coding.toLowerCase(Locale.ROOT);
    }

    /** Takes the next octets. */
    public void take(Bytes bytes) {
        if (coding != null && length <= stored.length() * 2 + MOST_DECODED) {
            coming.add(bytes);
        }
        if (differs == SAME) {
            long ours = Math.min(stored.length(), length + bytes.length());
            long at = mismatch(stored.slice(Math.min(length, ours), ours), bytes);
            differs = at == SAME ? SAME : length + at;
        }
        length += bytes.length();
    }

    /** Whether {@link #difference} takes longer than a loop may be held up. */
    public boolean isCostly() {
        return coding != null && raw() != SAME;
    }

    private long raw() {
        return differs == SAME && length < stored.length() ? length : differs;
    }

    /** The first octet that differs, once all has come, or {@link #SAME}; of the decoded bodies where they are encoded. */
    public long difference() {
        ContentCoding known = coding;
        if (known == null || raw() == SAME) {
            return raw();
        }
        Bytes ours = decoded(known, stored);
        Bytes theirs = decoded(known, Bytes.concat(coming));
        return ours == null || theirs == null ? raw() : mismatch(ours, theirs);
    }

    private static @Nullable Bytes decoded(ContentCoding coding, Bytes coded) {
        List<Bytes> pieces = new ArrayList<>();
        ContentCoding.Reading reading = coding.read(coded, MOST_DECODED, piece -> {
            int from = piece.offset();
            pieces.add(Bytes.of(Arrays.copyOfRange(piece.array(), from, from + piece.length())));
            return false;
        });
        return reading == ContentCoding.Reading.WHOLE ? Bytes.concat(pieces) : null;
    }

    /** Where {@code a} and {@code b} begin to differ; the end of the shorter one where the longer goes on. */
    private static long mismatch(Bytes a, Bytes b) {
        long at = 0;
        long common = Math.min(a.length(), b.length());
        for (long step = 0; at < common; at += step) {
            step = Math.min(Bytes.SEGMENT, common - at);
            int found = Arrays.mismatch(
                    a.slice(at, at + step).toArray(), b.slice(at, at + step).toArray());
            if (found >= 0) {
                return at + found;
            }
        }
        return a.length() == b.length() ? SAME : common;
    }
}
