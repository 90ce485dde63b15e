package io.larder.upstream.discovery;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Who is asked for names, and for what.
 *
 * @param servers in this order; none means those that the machine is configured with
 * @param timeout how long one of them may take
 * @param families which kinds of addresses are asked for, at least one
 */
public record DnsSettings(List<InetSocketAddress> servers, Duration timeout, Set<Family> families) {
    public DnsSettings {
        servers = List.copyOf(servers);
        families = Set.copyOf(families);
        if (families.isEmpty() || timeout.toMillis() < 1) {
            throw new IllegalArgumentException("DNS is asked for one family at least, with patience");
        }
    }

    /**
     * The machine's own name servers, five seconds each; IPv6 addresses where the machine has one that leads somewhere. Asks
     * the machine for its addresses.
     */
    public static DnsSettings ofThisMachine() {
        Set<Family> families = EnumSet.of(Family.IPV4);
        if (!NetUtil.isIpV4StackPreferred()
                && NetUtil.NETWORK_INTERFACES.stream()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(DnsSettings::leadsSomewhere)) {
            families.add(Family.IPV6);
        }
        return new DnsSettings(List.of(), Duration.ofSeconds(5), families);
    }

    private static boolean leadsSomewhere(InetAddress address) {
        return address instanceof Inet6Address
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress();
    }
}
