package io.larder.exchange;

import io.larder.http.Target;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What makes a request one for a fragment: the page it is for, what that page may still ask for, and what it says of the fragment.
 *
 * @param around the targets of the page and of the fragments that this one stands in, the page first
 * @param allowance of the whole page
 * @param secret by which the origin knows the visitor's forms (see {@code FormMask}); null where it has none
 * @param ttl for how long the fragment is fresh, whatever it says itself; null: as it says
 */
public record Inclusion(
        List<Target> around,
        Allowance allowance,
        @Nullable String secret,
        @Nullable Duration ttl) {
    public Inclusion {
        around = List.copyOf(around);
    }

    /**
     * That of what the fragment at {@code target} includes itself.
     *
     * @param own as this says of the fragment
     */
    public Inclusion within(Target target, @Nullable Duration own) {
        return new Inclusion(Stream.concat(around.stream(), Stream.of(target)).toList(), allowance, secret, own);
    }

    /** The same for a fragment that the page says is fresh so long. */
    public Inclusion freshFor(Duration own) {
        return new Inclusion(around, allowance, secret, own);
    }

    /** How many fragments it is within, itself included. */
    public int depth() {
        return around.size();
    }
}
