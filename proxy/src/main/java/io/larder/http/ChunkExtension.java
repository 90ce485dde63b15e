package io.larder.http;

/**
 * The grammar of chunk extensions (RFC 9112 §7.1.1), read byte by byte after their first semicolon and kept by nobody.
 * Without the optional white space, which no sender may write. Confined to one body.
 */
final class ChunkExtension {
    private static final int LIMIT = 4096; // bytes in a whole body: extensions carry nothing for us

    private enum State {
        NAME_START,
        NAME,
        VALUE_START,
        VALUE,
        QUOTED,
        ESCAPED,
        UNQUOTED
    }

    private State state = State.NAME_START;
    private int length;

    /** An extension begins: its semicolon has been read. */
    void begin() {
        state = State.NAME_START;
    }

    /** Whether the line may end here. */
    boolean mayEnd() {
        return state == State.NAME || state == State.VALUE || state == State.UNQUOTED;
    }

    /** @throws Malformed 400 when {@code b} cannot stand here, or there is too much of it all */
    void take(byte b) throws Malformed {
        if (++length > LIMIT || !fits(b)) {
            throw new Malformed(400, "a chunk extension is malformed or too long (RFC 9112 section 7.1.1)");
        }
    }

    private boolean fits(byte b) {
        boolean token = Grammar.isTokenByte(b);
        return switch (state) {
            case NAME_START -> token && become(State.NAME);
            case NAME -> token || (b == '=' && become(State.VALUE_START)) || next(b);
            case VALUE_START -> b == '"' ? become(State.QUOTED) : token && become(State.VALUE);
            case VALUE -> token || next(b);
            case QUOTED -> quoted(b);
            case ESCAPED -> isAscii(b) && become(State.QUOTED);
            case UNQUOTED -> next(b);
        };
    }

    private boolean quoted(byte b) {
        if (b == '\\') {
            return become(State.ESCAPED);
        }
        return b == '"' ? become(State.UNQUOTED) : isAscii(b);
    }

    /** Stricter than the RFC, which lets obs-text stand in quotes: nobody sends it, and decoders differ about it. */
    private static boolean isAscii(byte b) {
        return b > 0 && Grammar.isValueByte(b);
    }

    private boolean next(byte b) {
        return b == ';' && become(State.NAME_START);
    }

    private boolean become(State next) {
        state = next;
        return true;
    }
}
