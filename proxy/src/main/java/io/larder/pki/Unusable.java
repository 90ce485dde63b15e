package io.larder.pki;

/** What a file holds cannot be used; the message goes on behind the file's name. */
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
        super(message);
    }

    Unusable(String message, Throwable cause) {
        super(message, cause);
    }

    /** What is wrong; never null. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
