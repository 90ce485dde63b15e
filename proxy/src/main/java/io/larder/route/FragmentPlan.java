package io.larder.route;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the pages of a route are put together from parts.
 *
 * @param language they are written in
 * @param forced whether every text is read for it, and not only what asks for that
 * @param deadline for how long one fragment is waited for, where the page does not say
 * @param fallback what stands for a fragment that cannot be had; null: the page cannot be had then
 * @param limits of what a page may ask for
 * @param visitor what of the visitor a page may show
 */
public record FragmentPlan(
        Language language,
        boolean forced,
        Duration deadline,
        @Nullable String fallback,
        Limits limits,
        Visitor visitor) {
    /** What the holes of a page are written in. */
    public enum Language {
        /** Edge Side Includes 1.0. */
        ESI("ESI/1.0"),
        /** Server Side Includes. */
        SSI("SSI/1.0"),
        /** Nothing: its pages have no holes but those that Larder makes. */
        NONE(null);

        private final @Nullable String capability;

        Language(@Nullable String capability) {
            this.capability = capability;
        }

        /** By what name gateways and origins speak of it (Edge Architecture Specification 1.0 §2.2); null for none. */
        public @Nullable String capability() {
            return capability;
        }
    }

    /**
     * What a page may ask for.
     *
     * @param hosts whose resources it may include, besides those of its own; in lower case
     * @param depth of fragments within one another
     * @param includes in all of it
     */
    public record Limits(List<String> hosts, int depth, int includes) {
        public Limits {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * What of the visitor a page may show.
     *
     * @param cookies whether it may read them
     * @param djangoForms whether Django's token against forged forms is filled in for each visitor
     */
    public record Visitor(boolean cookies, boolean djangoForms) {}

    /**
     * What tells pages that are to be put together from those that are passed on as they are: another configuration must not serve
     * them as if they were whole.
     */
    String partition() {
        String forms = visitor.djangoForms ? "forms" : "";
        return language == Language.NONE ? forms : language.name().toLowerCase(Locale.ROOT) + forms;
    }
}
