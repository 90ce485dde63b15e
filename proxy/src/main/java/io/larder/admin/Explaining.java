package io.larder.admin;

import io.larder.whatif.Described;
import io.larder.whatif.Explanation;

/** Explains what the gateway would do with a request now. Called off the loops. */
@FunctionalInterface
public interface Explaining {
    Explanation explain(Described described);
}
