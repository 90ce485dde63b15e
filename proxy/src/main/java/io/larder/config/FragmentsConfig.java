package io.larder.config;

import io.larder.config.source.Text;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value: whether and how the pages of a route are put together from parts. */
public sealed interface FragmentsConfig {
    /** They are passed on as they are. */
    record Off() implements FragmentsConfig {}

    /**
     * They are.
     *
     * @param parse the language of their markup; null for none
     * @param force whether every text is read for it
     * @param deadline for one fragment
     * @param fallback what is shown instead; null: the page fails
     */
    record On(
            @Nullable Language parse,
            boolean force,
            Duration deadline,
            @Nullable Text fallback,
            Limits limits,
            Visitor visitor)
            implements FragmentsConfig {}

    /** The markup that is understood. */
    enum Language {
        ESI,
        SSI
    }

    /**
     * What a page may ask for.
     *
     * @param allowHosts in lower case
     */
    record Limits(List<String> allowHosts, int maxDepth, int maxIncludes) {
        public Limits {
            allowHosts = List.copyOf(allowHosts);
            Checks.require(maxDepth > 0 && maxIncludes > 0, "a page may include something");
        }
    }

    /** What of the visitor a page may show. */
    record Visitor(boolean cookies, Csrf csrf) {}

    /** Whose tokens in forms are filled in. */
    enum Csrf {
        OFF,
        DJANGO
    }
}
