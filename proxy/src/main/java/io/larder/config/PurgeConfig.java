package io.larder.config;

import io.larder.http.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value: what purges a site's stored responses, beside the operators.
 *
 * @param access who may by a method of HTTP; null: nobody
 * @param rules what successful requests make stale
 */
public record PurgeConfig(@Nullable Access access, List<Rule> rules) {
    public PurgeConfig {
        rules = List.copyOf(rules);
    }

    /** Requests with these methods from these addresses purge what they name. */
    public record Access(List<String> methods, List<Cidr> from) {
        public Access {
            methods = List.copyOf(methods);
            from = List.copyOf(from);
        }
    }

    /** What the success of some requests makes stale. */
    public record Rule(On on, Effect effect) {}

    /**
     * Which requests those are.
     *
     * @param methods none of them safe; empty: all that are not
     * @param path a pattern
     */
    public record On(List<String> methods, String path) {
        public On {
            methods = List.copyOf(methods);
        }
    }

    /**
     * What becomes stale, each with {@code {name}} for what the path captured.
     *
     * @param urls on the host of the request
     * @param prefixes of URLs on the host of the request
     */
    public record Effect(List<String> tags, List<String> urls, List<String> prefixes, Mode mode) {
        public Effect {
            tags = List.copyOf(tags);
            urls = List.copyOf(urls);
            prefixes = List.copyOf(prefixes);
        }
    }

    /** Whether what is purged is never served again, or served once more while it is fetched anew. */
    public enum Mode {
        HARD,
        SOFT
    }
}
