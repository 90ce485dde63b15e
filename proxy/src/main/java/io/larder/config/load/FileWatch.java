package io.larder.config.load;

import io.larder.config.source.Sources;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides, poll by poll, when a configuration is to be read again: when two polls in a row see the same that was not there
 * before, and it holds something else. Who writes a file in several steps, or several files, has some time for it. Confined to
 * one thread at a time; asks for all that it has to know.
 */
public final class FileWatch {
    private Sources known; // what was read, or found to hold nothing else
    private @Nullable String digest; // of what that holds; null where nobody is certain
    private @Nullable Sources settling; // what the last poll saw, if that is not known

    /**
     * Watches for what comes after {@code read}.
     *
     * @param digest of what it held; null where it may have changed while it was read
     */
    FileWatch(Sources read, @Nullable String digest) {
        this.known = read;
        this.digest = digest;
    }

    /** Watches for what comes after {@code read}, which was read a moment ago. Blocks. */
    public static FileWatch of(Sources read) {
        String digest = read.digest();
        return new FileWatch(read, read.equals(read.now()) ? digest : null);
    }

    /** Looks again; says whether it is time to read again. Blocks. */
    public boolean poll() {
        Sources now = known.now();
        return poll(now, now::digest);
    }

    /**
     * Says whether it is time to read again.
     *
     * @param now what this poll sees
     * @param held the digest of what that holds; asked only where it looks as if it may be another
     */
    boolean poll(Sources now, Supplier<String> held) {
        if (now.equals(known)) {
            settling = null;
            return false;
        }
        if (!now.equals(settling)) {
            settling = now;
            return false;
        }
        settling = null;
        known = now;
        String before = digest;
        String after = held.get();
        digest = after;
        return !after.equals(before);
    }
}
