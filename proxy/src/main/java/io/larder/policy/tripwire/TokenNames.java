package io.larder.policy.tripwire;

import java.util.Set;

/**
 * The names under which frameworks put a visitor's token against request forgery, or his session's own name, into a page.
 * ASCII case does not count.
 */
final class TokenNames {
    private static final Set<String> KNOWN = Set.of(
            "authenticity_token", // Rails
            "_token", // Laravel, Symfony
            "__requestverificationtoken", // ASP.NET
            "form_token", // Drupal, phpBB
            "sesskey", // Moodle
            "anti-forgery-token",
            "request-token",
            "requesttoken"); // Nextcloud

    /** Any name with one of these in it: csrfmiddlewaretoken, csrf_token, csrf-token, _csrf, YII_CSRF_TOKEN, _xsrf, … */
    private static final Set<String> PARTS = Set.of("csrf", "xsrf");

    /** Any name that ends so. */
    private static final Set<String> ENDS = Set.of("[_token]", "session-key", "session_key");

    /** They say how the token is called, and are the same for everybody: csrf-param (Rails), _csrf_header (Spring), … */
    private static final Set<String> DESCRIBING = Set.of("param", "_parameter", "header", "header_name", "header-name");

    private TokenNames() {}

    /** Whether {@code name}, in lower case, is one. */
    static boolean include(String name) {
        return KNOWN.contains(name)
                || ENDS.stream().anyMatch(name::endsWith)
                || (PARTS.stream().anyMatch(name::contains)
                        && DESCRIBING.stream().noneMatch(name::endsWith));
    }
}
