package io.larder.policy.tripwire;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What cookies say that pages say too, whoever asks: settings, dates, places. To find it in a page proves nothing. */
final class Commonplace {
    private static final int FEWEST = 4; // different octets

    private static final Set<String> WORDS = Set.of(
            "accepted",
            "accept_all",
            "acceptall",
            "advertising",
            "analytics",
            "anonymous",
            "automatic",
            "collapsed",
            "complete",
            "completed",
            "consented",
            "dark-mode",
            "dark-theme",
            "darkmode",
            "declined",
            "deny-all",
            "disabled",
            "dismissed",
            "essential",
            "expanded",
            "functional",
            "landscape",
            "light-mode",
            "light-theme",
            "lightmode",
            "marketing",
            "necessary",
            "personalization",
            "portrait",
            "preferences",
            "rejected",
            "required",
            "responsive",
            "returning",
            "settings",
            "standard",
            "statistics",
            "subscribed",
            "targeting",
            "undefined",
            "language");

    /** Dates and times of day, versions, locales with their weights, time zones, screen sizes. */
    private static final Pattern FORMS = Pattern.compile("\\d{4}-?\\d\\d-?\\d\\d(?:[T ][\\d:.]+Z?)?"
            + "|v?\\d{1,3}(?:\\.\\d{1,5}){1,3}"
            + "|[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?(?:;q=[\\d.]+)?(?:, ?[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?(?:;q=[\\d.]+)?)+"
            + "|(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/+-]+"
            + "|\\d{3,5}x\\d{3,5}");

    private Commonplace() {}

    /** Whether {@code value} is too common to tell one visitor from another. */
    static boolean includes(String value) {
        return value.length() < Needles.SHORTEST
                || value.chars().distinct().count() < FEWEST
                || WORDS.contains(value.toLowerCase(Locale.ROOT))
                || FORMS.matcher(value).matches();
    }
}
