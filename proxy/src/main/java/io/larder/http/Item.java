package io.larder.http;

import java.time.Instant;
import java.util.List;

/** One value of a structured field (RFC 9651 §3), without its parameters. */
public sealed interface Item {
    /** An Integer (§3.3.1): at most 15 digits. */
    record Whole(long value) implements Item {}

    /**
     * A Decimal (§3.3.2).
     *
     * @param thousandths the number times a thousand: it has at most three digits after the point
     */
    record Decimal(long thousandths) implements Item {}

    /** A String (§3.3.3), unescaped. */
    record Text(String value) implements Item {}

    /** A Token (§3.3.4). */
    record Token(String value) implements Item {}

    /** A Byte Sequence (§3.3.5), decoded. */
    record Octets(Bytes value) implements Item {}

    /** A Boolean (§3.3.6). */
    record Switch(boolean on) implements Item {}

    /** A Date (§3.3.7). */
    record Moment(Instant value) implements Item {}

    /** A Display String (§3.3.8), decoded. */
    record Display(String value) implements Item {}

    /** An Inner List (§3.1.1), which holds no other. */
    record Inner(List<Item> items) implements Item {
        public Inner {
            items = List.copyOf(items);
        }
    }
}
