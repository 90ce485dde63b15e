package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.ResolvedAddressTypes;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the machine's hosts file says, now and later. */
class HostsFileTest {
    @Test
    void whatIsWrittenLaterIsFoundLater() {
        List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
        Deque<HostsFile.Entries> readings = new ArrayDeque<>(
                List.of((name, types) -> null, (name, types) -> name.equals("app") ? addresses : null));
        List<Runnable> ticks = new ArrayList<>();
        HostsFile file = HostsFile.on(
                (pause, task) -> {
                    ticks.add(task);
                    return () -> {};
                },
                readings::removeFirst);
        assertThat(file.addresses("app", ResolvedAddressTypes.IPV4_ONLY)).isEmpty();
        ticks.forEach(Runnable::run);
        assertThat(file.addresses("app", ResolvedAddressTypes.IPV4_ONLY)).isEqualTo(addresses);
        assertThat(file.addresses("other", ResolvedAddressTypes.IPV4_ONLY)).isEmpty();
    }

    @Test
    void thisMachineHasOne() {
        HostsFile file = HostsFile.on((pause, task) -> () -> {});
        assertThat(file.addresses("localhost", ResolvedAddressTypes.IPV4_ONLY))
                .allMatch(InetAddress::isLoopbackAddress)
                .isNotEmpty();
    }
}
