package io.larder.upstream.discovery;

import org.jspecify.annotations.Nullable;

/**
 * The rule by which a file is read again. One that has taken the place of another (renamed, or a link that leads elsewhere) is
 * whole when it appears and is read at once; one that is written in place may be half-written, and is read once two looks in a
 * row have found it the same. A value.
 *
 * @param read the file that was read last, if any
 * @param seen the file as it was at the last look, if it was there
 */
record FileLook(@Nullable FileIdentity read, @Nullable FileIdentity seen) {
    static final FileLook FIRST = new FileLook(null, null);

    /** Whether what is there now is to be read. */
    boolean isToRead(FileIdentity now) {
        return read == null || !now.isSameFile(read) || (!now.equals(read) && now.equals(seen));
    }

    /** After a look that was followed by reading. */
    static FileLook read(FileIdentity now) {
        return new FileLook(now, now);
    }

    /** After a look that was not. */
    FileLook saw(FileIdentity now) {
        return new FileLook(read, now);
    }

    /** After a look at nothing: whatever appears is read. */
    static FileLook missing() {
        return FIRST;
    }
}
