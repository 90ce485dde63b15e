package io.larder.server.h1;

import io.larder.http.Status;
import java.nio.charset.StandardCharsets;

/** Status lines (RFC 9112 §4), the usual ones prepared. */
final class StatusLine {
    private static final byte[][] PREPARED = prepared();

    private StatusLine() {}

    /** The line with its CRLF, not to be changed. */
    static byte[] of(int status, String reason) {
        return reason.equals(Status.reason(status)) ? PREPARED[status] : line(status, reason);
    }

    private static byte[][] prepared() {
        byte[][] lines = new byte[1000][];
        for (int status = 100; status < lines.length; status++) {
            lines[status] = line(status, Status.reason(status));
        }
        return lines;
    }

    private static byte[] line(int status, String reason) {
        return ("HTTP/1.1 " + status + " " + reason + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
