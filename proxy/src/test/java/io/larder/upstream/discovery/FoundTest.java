package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoundTest {

    static Found server(String place, int weight, int priority, boolean draining) {
        InetSocketAddress address = HostAndPort.parse(place).orElseThrow().address();
        return new Found(address.getHostString(), address, weight, priority, draining);
    }

    static Found server(String place) {
        return server(place, 1, 0, false);
    }

    @Test
    void anAddressIsListedOnceAsItCountsMost() {
        assertThat(Found.distinct(List.of(
                        server("10.0.0.2:80", 5, 1, false),
                        server("10.0.0.1:80", 1, 0, true),
                        server("[2001:db8::1]:80"),
                        server("10.0.0.2:80", 7, 1, false),
                        server("10.0.0.2:80", 9, 2, false),
                        server("10.0.0.1:80"),
                        server("10.0.0.1:81", 1, 0, true))))
                .extracting(Heard::text)
                .containsExactly("10.0.0.1:80", "10.0.0.1:81 draining", "[2001:db8::1]:80", "10.0.0.2:80 w7 p1");
    }

    @Test
    void theOrderTheyComeInDoesNotMatter() {
        List<Found> servers = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            servers.add(server("10.0.0." + i + ":80", i % 3 + 1, i % 2, false));
        }
        List<Found> first = Found.distinct(servers);
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(servers, random);
            assertThat(Found.distinct(servers)).isEqualTo(first);
        }
    }

    @Test
    void namesAreNotLookedUp() {
        Found named = server("App.Internal:8000");
        assertThat(named.address().isUnresolved()).isTrue();
        assertThat(named.text()).isEqualTo("app.internal:8000");
        assertThat(named).isEqualTo(server("app.internal:8000"));
    }

    @Test
    void nonsenseIsRefused() {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 80);
        assertThatThrownBy(() -> new Found("", address, 1, 0, false)).hasMessageContaining("name");
        assertThatThrownBy(() -> new Found("a", new InetSocketAddress("127.0.0.1", 0), 1, 0, false))
                .hasMessageContaining("port");
        assertThatThrownBy(() -> new Found("a", address, 0, 0, false)).hasMessageContaining("weight");
        assertThatThrownBy(() -> new Found("a", address, 1, -1, false)).hasMessageContaining("priority");
    }

    @ParameterizedTest
    @CsvSource({
        "app:8000, app, 8000",
        "App.Internal.:1, app.internal., 1",
        "a_b.example:65535, a_b.example, 65535",
        "10.0.0.1:80, 10.0.0.1, 80",
        "[::1]:80, ::1, 80",
        "[2001:DB8::1]:80, 2001:db8::1, 80",
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(HostAndPort.parse(text)).contains(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @CsvSource({
        "app",
        "app:",
        ":80",
        "app:0",
        "app:65536",
        "app:+80",
        "app:99999999999",
        "a b:80",
        "-a:80",
        "a-:80",
        "a..b:80",
        "::1:80",
        "[10.0.0.1]:80",
        "[fe80::1%eth0]:80",
        "10.0.0.256:80",
        "10.0.0:80",
        "http://app:80",
        "app:80/",
        "'',",
    })
    void refusesWhatIsNoHostAndPort(String text) {
        assertThat(HostAndPort.parse(text == null ? "" : text)).isEmpty();
    }
}
