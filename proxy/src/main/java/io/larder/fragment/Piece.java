package io.larder.fragment;

import io.larder.http.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A piece of a page as one visitor is to see it, everything that the request decides being decided. */
public sealed interface Piece {
    /**
     * What is shown as it is.
     *
     * @param told whether it is what the request says, and not the page
     */
    record Octets(Bytes octets, boolean told) implements Piece {
        /** As the page has it. */
        public Octets(Bytes octets) {
            this(octets, false);
        }
    }

    /**
     * What is to be fetched; see {@link Node.Include}.
     *
     * @param src a reference, to be resolved against the page's target
     * @param alt another
     * @param written {@code src} as the page has it, with nothing of the request in it
     */
    record Hole(
            String src,
            Optional<String> alt,
            boolean optional,
            Optional<Duration> deadline,
            Optional<Duration> ttl,
            String written)
            implements Piece {}

    /**
     * What is to be fetched, or all of {@code stub} where it cannot be, or where it is empty (SSI's {@code include} with a
     * stub, nginx ngx_http_ssi_module).
     */
    record Stubbed(Hole hole, List<Piece> stub) implements Piece {
        public Stubbed {
            stub = List.copyOf(stub);
        }
    }

    /** {@code attempt}, or all of {@code except} where a hole of the attempt cannot be filled. */
    record Attempt(List<Piece> attempt, List<Piece> except) implements Piece {
        public Attempt {
            attempt = List.copyOf(attempt);
            except = List.copyOf(except);
        }
    }
}
