package io.larder.http;

/** The content of a message (RFC 9110 §6.4): all here, or still coming. */
public sealed interface Body {
    /** All of it is here; any number of readers may share it. */
    record Whole(Bytes bytes) implements Body {
        private static final Body NONE = new Whole(Bytes.EMPTY);

        @Override
        public Source source() {
            return new Slices(bytes);
        }
    }

    /** No content. */
    static Body none() {
        return Whole.NONE;
    }

    /**
     * Still coming, for exactly one reader.
     *
     * @param length in bytes where the sender declared it, else {@link #UNKNOWN}
     */
    record Live(Source source, long length) implements Body {}

    /** The length of a body whose sender did not declare it. */
    long UNKNOWN = -1;

    /** The content as octets to be asked for, by one reader. */
    Source source();

    /** In bytes, or {@link #UNKNOWN}. */
    default long length() {
        return switch (this) {
            case Whole whole -> whole.bytes().length();
            case Live live -> live.length();
        };
    }

    /** Whether it is known to hold nothing. */
    default boolean isEmpty() {
        return this instanceof Whole whole && whole.bytes().isEmpty();
    }

    /** Lets go of content that nobody will read. */
    default void discard() {
        if (this instanceof Live live) {
            live.source().cancel();
        }
    }
}
