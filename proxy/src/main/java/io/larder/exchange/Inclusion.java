package io.larder.exchange;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What makes a request one for a fragment: the page it is for, what that page may still ask for, and what it says of the fragment.
 *
 * @param around the URIs of the page and of the fragments that this one stands in, the page first
 * @param allowance of the whole page
 * @param ttl for how long the fragment is fresh, whatever it says itself; null: as it says
 */
public record Inclusion(
        List<String> around, Allowance allowance, @Nullable Duration ttl) {
    public Inclusion {
        around = List.copyOf(around);
    }

    /** That of a fragment of {@code page}, in an exchange that answers a client's own request, or one for a fragment. */
    public static Inclusion in(String page, Exchange exchange, Allowance own, @Nullable Duration ttl) {
        Inclusion outer = exchange.inclusion();
        return outer == null
                ? new Inclusion(List.of(page), own, ttl)
                : new Inclusion(
                        Stream.concat(outer.around.stream(), Stream.of(page)).toList(), outer.allowance, ttl);
    }

    /** How many fragments it is within, itself included. */
    public int depth() {
        return around.size();
    }
}
