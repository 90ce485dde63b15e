package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
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

    private Condition condition(int server) {
        return members.all().get(server).condition();
    }

    private void refuses(int server, int times, long nanos) {
        for (int i = 0; i < times; i++) {
            condition(server).sent(nanos);
            condition(server).failed(new Failure(Failure.Kind.CONNECTION_REFUSED, "refused"), 1, 1, nanos);
        }
    }

    /** Who carries on alone for a minute because the others were asked in vain for longer would be the next to go. */
    @Test
    void theFirstThatIsBackAfterAllWereGoneIsFollowedByTheOthers() {
        members.replace(Rig.settings(ONE, TWO).servers(), 0);
        long now = 0;
        for (int round = 0; round < 7; round++) {
            refuses(0, 3, now);
            refuses(1, 3, now);
            now += Math.max(
                    condition(0).ejectedFor(now).toNanos(),
                    condition(1).ejectedFor(now).toNanos());
        }
        refuses(1, 1, now);
        assertThat(condition(1).ejectedFor(now)).isGreaterThan(Duration.ofSeconds(1));
        condition(0).sent(now);
        condition(0).answered();
        condition(0).succeeded(now);
        assertThat(condition(1).isUsable(now)).as("for one probe").isTrue();
        condition(1).sent(now);
        assertThat(condition(1).isUsable(now)).isFalse();

        refuses(1, 1, now);
        Duration left = condition(1).ejectedFor(now);
        condition(0).succeeded(now);
        assertThat(condition(1).ejectedFor(now)).as("nobody has come back").isEqualTo(left);
    }

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
