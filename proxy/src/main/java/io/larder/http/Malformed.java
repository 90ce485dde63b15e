package io.larder.http;

/**
 * A message that breaks HTTP's grammar or a limit, with the status that says so best. Thrown inside the decoders only;
 * stackless, because it is an expected outcome of reading from strangers.
 */
public final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    /**
     * @param status what a client that sent it is answered, e.g. 400, 414, 431, 501, 505
     * @param reason one line for the log and the error page; never holds what the peer sent
     */
    public Malformed(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** The reason; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
