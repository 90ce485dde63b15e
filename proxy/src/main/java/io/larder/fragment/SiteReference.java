package io.larder.fragment;

import java.util.regex.Pattern;

/**
 * A reference that leads nowhere but to the same site: what names a scheme or a host is made a path (RFC 3986 §4.2). A page
 * that puts {@code $uri} behind a slash would else let a visitor name the host.
 */
final class SiteReference {
    private static final Pattern SLASHES = Pattern.compile("^[/\\\\]{2,}");
    private static final Pattern SCHEME = Pattern.compile("^[^/?#:]*:");

    private SiteReference() {}

    static String of(String reference) {
        String path = SLASHES.matcher(reference.strip()).replaceFirst("/");
        return SCHEME.matcher(path).find() ? "./" + path : path;
    }
}
