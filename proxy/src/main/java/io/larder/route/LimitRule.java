package io.larder.route;

import io.larder.admission.Gcra;
import io.larder.balance.KeyHash;
import io.larder.http.Cidr;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.policy.Cookies;
import java.util.Optional;

/**
 * How often each client may come.
 *
 * @param name tells its allowances from those of other rules: where it is written
 * @param by what tells clients apart; whoever does not bring it is told by his address
 * @param fleet whether nodes count together
 */
public record LimitRule(String name, Gcra rate, By by, boolean fleet) {
    /** What tells clients apart. */
    public sealed interface By {
        /** The address; of IPv6 the network (see {@link Cidr#ofOneClient}). */
        record ClientIp() implements By {}

        /** A field. */
        record Header(FieldName name) implements By {}

        /** A cookie. */
        record Cookie(String name) implements By {}
    }

    /**
     * Whose allowance counts, as a number that all nodes agree on.
     *
     * @param address of the client, an IP literal
     */
    public long client(Headers headers, String address) {
        String brought = switch (by) {
            case By.ClientIp ip -> null;
            case By.Header(FieldName field) -> headers.combined(field);
            case By.Cookie(String cookie) -> Cookies.value(headers, cookie);
        };
        return brought == null ? KeyHash.of(name, "address", network(address)) : KeyHash.of(name, "value", brought);
    }

    private static String network(String address) {
        Optional<Cidr> known = Cidr.parse(address);
        return known.isPresent() ? known.get().ofOneClient().address() : address;
    }
}
