package io.larder.http;

/**
 * The start line and fields of a request as received (RFC 9112 §3), all fields included.
 *
 * @param target the request target, raw
 * @param minor the minor version: 0 for HTTP/1.0, else 1
 */
public record RequestHead(String method, String target, int minor, Headers headers) {}
