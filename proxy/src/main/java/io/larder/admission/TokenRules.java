package io.larder.admission;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token must say to be good.
 *
 * @param issuer its {@code iss}; null: whoever has a key
 * @param audiences of which its {@code aud} has one; empty: any
 * @param skew by how much clocks may differ
 */
public record TokenRules(
        Set<TokenAlgorithm> algorithms, @Nullable String issuer, List<String> audiences, Duration skew) {
    public TokenRules {
        algorithms = Set.copyOf(algorithms);
        audiences = List.copyOf(audiences);
    }
}
