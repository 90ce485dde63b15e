package io.larder.http;

/**
 * How much of a message's head is taken, in bytes.
 *
 * @param startLine the request or status line, without its CRLF (414 past it)
 * @param field one field line (431)
 * @param total all field lines (431)
 * @param count field lines (431)
 */
public record HeadLimits(int startLine, int field, int total, int count) {
    /** All of a head, with the line ends: what a decoder may have to hold before it can decide. */
    public int whole() {
        return startLine + total + 4;
    }
}
