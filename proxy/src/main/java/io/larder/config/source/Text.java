package io.larder.config.source;

/**
 * A value: free text of the configuration that may have come from the environment and may therefore be a secret.
 *
 * @param value the text to use
 * @param written the text as it stands in the file, {@code ${ENV}} not expanded: the form that may be shown
 */
public record Text(String value, String written) {
    /** Text that holds nothing of the environment. */
    public static Text of(String value) {
        return new Text(value, value);
    }

    /** The form that may be shown. */
    @Override
    public String toString() {
        return written;
    }
}
