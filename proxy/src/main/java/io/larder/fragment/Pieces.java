package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.List;
import java.util.Optional;

/** How pieces are put together. */
final class Pieces {
    private Pieces() {}

    /** Those that show anything. The octets of a template stay the very ones that they are, for those who keep something of them. */
    static List<Piece> shown(List<Piece> pieces) {
        return pieces.stream()
                .filter(piece -> !(piece instanceof Piece.Octets(Bytes octets, boolean told)) || !octets.isEmpty())
                .toList();
    }

    /** What is there, or {@code stub} where it fails or is empty. */
    static List<Piece> stubbed(String reference, String written, List<Piece> stub) {
        return reference.isEmpty() ? stub : List.of(new Piece.Stubbed(hole(reference, written, false), stub));
    }

    /** What is there, or {@code message} where it fails. */
    static List<Piece> orMessage(String reference, String written, Bytes message) {
        List<Piece> otherwise = shown(List.of(new Piece.Octets(message)));
        if (reference.isEmpty()) {
            return otherwise;
        }
        return otherwise.isEmpty()
                ? List.of(hole(reference, written, true))
                : List.of(new Piece.Attempt(List.of(hole(reference, written, false)), otherwise));
    }

    private static Piece.Hole hole(String reference, String written, boolean optional) {
        return new Piece.Hole(reference, Optional.empty(), optional, Optional.empty(), Optional.empty(), written);
    }
}
