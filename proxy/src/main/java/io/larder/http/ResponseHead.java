package io.larder.http;

/**
 * The start line and fields of a response as received (RFC 9112 §4), all fields included.
 *
 * @param minor the minor version: 0 for HTTP/1.0, else 1
 */
public record ResponseHead(int status, String reason, int minor, Headers headers) {}
