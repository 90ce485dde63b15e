package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that come, go and are taken out. */
class MembersTest {
    private static final InetSocketAddress ONE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8001);
    private static final InetSocketAddress TWO = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8002);

    private final List<String> told = new ArrayList<>();
    private final Members members = new Members(
            Rig.settings(ONE).settings(), (upstream, server, standing, why) -> told.add(standing + " " + server));

    private List<String> active() {
        return members.active().stream()
                .map(server -> server.endpoint().address())
                .toList();
    }

    @Test
    void aServerThatIsOutStaysOutWhenItComesBackAndCanBeLetInWhileItIsGone() {
        List<UpstreamSettings.ServerSettings> both = Rig.settings(ONE, TWO).servers();
        String two = both.get(1).endpoint().address();
        members.replace(both, 0);
        assertThat(members.drain(two, true, 0)).isTrue();
        members.replace(both.subList(0, 1), 0);
        members.replace(both, 0);
        assertThat(active()).doesNotContain(two);

        members.replace(both.subList(0, 1), 0);
        assertThat(members.drain(two, false, 0))
                .as("it is gone, and known to be out")
                .isTrue();
        assertThat(members.drain(two, false, 0))
                .as("it is gone, and nothing is known of it")
                .isFalse();
        assertThat(members.drain(two, true, 0)).as("there is no such server").isFalse();
        members.replace(both, 0);
        assertThat(active()).contains(two);
        assertThat(told).containsExactly("DRAINED " + two, "UP " + two);
    }
}
