package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How pieces are put together. */
final class Pieces {
    private Pieces() {}

    static Piece octets(String text) {
        return new Piece.Octets(Bytes.utf8(text));
    }

    /** With octets that stand side by side as one piece. */
    static List<Piece> joined(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        List<Bytes> run = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Octets(Bytes octets)) {
                run.add(octets);
            } else {
                whole(run).ifPresent(joined::add);
                joined.add(piece);
            }
        }
        whole(run).ifPresent(joined::add);
        return joined;
    }

    private static Optional<Piece> whole(List<Bytes> run) {
        Bytes whole = Bytes.concat(run);
        run.clear();
        return whole.isEmpty() ? Optional.empty() : Optional.of(new Piece.Octets(whole));
    }

    /** What is there, or {@code stub} where it fails or is empty. */
    static List<Piece> stubbed(String reference, List<Piece> stub) {
        return reference.isEmpty() ? stub : List.of(new Piece.Stubbed(hole(reference, false), stub));
    }

    /** What is there, or {@code message} where it fails. */
    static List<Piece> orMessage(String reference, Bytes message) {
        List<Piece> otherwise = joined(List.of(new Piece.Octets(message)));
        if (reference.isEmpty()) {
            return otherwise;
        }
        return otherwise.isEmpty()
                ? List.of(hole(reference, true))
                : List.of(new Piece.Attempt(List.of(hole(reference, false)), otherwise));
    }

    private static Piece.Hole hole(String reference, boolean optional) {
        return new Piece.Hole(reference, Optional.empty(), optional, Optional.empty(), Optional.empty());
    }
}
