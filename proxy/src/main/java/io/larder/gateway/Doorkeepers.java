package io.larder.gateway;

import io.larder.admission.AuthRule;
import io.larder.store.Rates;
import java.util.function.Function;

/**
 * By what clients are let in.
 *
 * @param rates the allowances of clients
 * @param credentials judge what clients show, for each rule that there is
 */
public record Doorkeepers(Rates rates, Function<AuthRule, Credentials> credentials) {
    /** Where no rule asks for anything to be shown, and every node counts for itself. */
    public static Doorkeepers alone() {
        return new Doorkeepers(Rates.alone(), rule -> {
            throw new IllegalArgumentException("nobody judges by " + rule.name());
        });
    }
}
