package io.larder.policy.tripwire;

/**
 * A sign that a body was made for the one visitor who asked.
 *
 * @param name of the cookie or of the form field; never a value
 */
public record Find(Sign sign, String name) {
    /** What was found. */
    public enum Sign {
        /** The value of a cookie that the visitor sent. */
        COOKIE,
        /** The visitor's credentials. */
        CREDENTIALS,
        /** A field with a token against request forgery. */
        TOKEN
    }
}
