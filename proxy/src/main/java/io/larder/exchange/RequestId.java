package io.larder.exchange;

/**
 * Identifies a request in headers, logs and error pages. Written as 16 hexadecimal digits, and only when somebody looks.
 *
 * @param value unique in this process; its high bits differ from process to process
 */
public record RequestId(long value) {
    @Override
    public String toString() {
        String hex = Long.toHexString(value);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
