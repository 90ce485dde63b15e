package io.larder.route;

import io.larder.http.Cidr;
import java.util.Optional;

/** Where a client stands among all of them: always at the same place, whichever node it asks, as long as its address is the same. */
final class ClientPlace {
    private ClientPlace() {}

    /** A number from 0 (inclusive) to {@code places} (exclusive), each as likely as the others. */
    static int of(String address, int places) {
        int zone = address.indexOf('%');
        Optional<Cidr> known = Cidr.parse(zone < 0 ? address : address.substring(0, zone));
        long client = known.map(ClientPlace::network).orElseGet(() -> (long) address.hashCode());
        return (int) Long.remainderUnsigned(mixed(client), places);
    }

    private static long network(Cidr address) {
        Cidr own = address.ofOneClient();
        return own.v4() ? own.low() : own.high();
    }

    /** Stafford's thirteenth mix: neighbours are far apart after it. */
    private static long mixed(long number) {
        long z = number + 0x9e3779b97f4a7c15L; // 0 would stay 0
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
