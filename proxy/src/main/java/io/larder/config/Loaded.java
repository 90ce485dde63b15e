package io.larder.config;

import io.larder.config.source.Problem;
import java.util.List;

/** A value: what came of reading a configuration. */
public sealed interface Loaded {
    /** It can be used. */
    record Good(LarderConfig config, List<Problem> warnings) implements Loaded {
        public Good {
            warnings = List.copyOf(warnings);
        }
    }

    /** It cannot be used; at least one of the problems is an error. */
    record Bad(List<Problem> problems) implements Loaded {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
