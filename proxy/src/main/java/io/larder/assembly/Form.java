package io.larder.assembly;

import io.larder.http.Bytes;

/** The octets in which a page goes out. One page, one form; confined to its loop. */
interface Form {
    /** What comes before everything else. */
    Bytes start();

    /**
     * The next piece of the page.
     *
     * @param lasting whether these octets are kept somewhere, and will come again
     */
    Bytes piece(Bytes octets, boolean lasting);

    /** What comes after everything else. */
    Bytes end();

    /** Whether it is gzip's, which the head has to say. */
    default boolean isGzip() {
        return false;
    }

    /** As it is. */
    final class Plain implements Form {
        @Override
        public Bytes start() {
            return Bytes.EMPTY;
        }

        @Override
        public Bytes piece(Bytes octets, boolean lasting) {
            return octets;
        }

        @Override
        public Bytes end() {
            return Bytes.EMPTY;
        }
    }
}
