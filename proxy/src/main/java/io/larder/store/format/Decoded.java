package io.larder.store.format;

import io.larder.coherence.AsOf;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;

/** What an envelope turned out to be that somebody, most likely another node, has written. */
public sealed interface Decoded permits Decoded.Settled, Chunked {

    /** What is known once everything has been read that there is. */
    sealed interface Settled extends Decoded {}

    /**
     * A stored response with all of its octets, which share no array with what they were read from.
     *
     * @param key that was asked for, and that it was stored under
     * @param asOf the purges that its fetch had seen
     */
    record Whole(CacheKey key, Stored stored, AsOf asOf) implements Settled {}

    /** Nothing that can be used: a miss. */
    record Foreign(Why why) implements Settled {}

    /** Why what was read cannot be used. */
    enum Why {
        /** It ends too early. */
        TRUNCATED,
        /** Its octets are not those that were written. */
        CHECKSUM,
        /** It is no envelope of ours. */
        NOT_OURS,
        /** It is in a version that only later nodes can read. */
        NEWER_VERSION,
        /** Its octets are those that were written, but they say nothing that a stored response can be. */
        MALFORMED,
        /** It was stored under another key. */
        ANOTHER_KEY,
        /** A chunk is not there. */
        MISSING_CHUNK,
        /** A chunk belongs to another envelope, or in another place. */
        ANOTHER_CHUNK
    }
}
