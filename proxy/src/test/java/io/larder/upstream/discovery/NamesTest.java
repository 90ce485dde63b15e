package io.larder.upstream.discovery;

import static io.larder.upstream.discovery.FoundTest.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.netty.util.NetUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesTest {
    private final ManualLoop loop = new ManualLoop();
    private final Heard heard = new Heard();
    private final Source source = new Source();
    private final Map<String, Source> names = new HashMap<>();
    private final Names discovery = new Names(
            source,
            host -> {
                Source name = new Source();
                names.put(host.toString(), name);
                return name;
            },
            loop);

    /** Tells what a test says. */
    private final class Source implements Discovery {
        private Listener listener = new Heard();
        boolean closed;

        @Override
        public void start(Listener told) {
            listener = told;
        }

        @Override
        public void close() {
            closed = true;
        }

        void finds(Found... servers) {
            listener.found(List.of(servers));
            loop.run();
        }

        void finds(String name, int port, String... addresses) {
            finds(Stream.of(addresses)
                    .map(address -> Found.of(name, NetUtil.createInetAddressFromIpAddressString(address), port))
                    .toArray(Found[]::new));
        }

        void fails(String why) {
            listener.failed(why);
            loop.run();
        }

        void recovers() {
            listener.recovered();
            loop.run();
        }
    }

    private Source name(String text) {
        return Objects.requireNonNull(names.get(text), text);
    }

    @Test
    void aNameStandsForItsAddressesOnceAllNamesAreKnown() {
        discovery.start(heard);
        source.finds(server("a:80", 3, 0, false), server("b:81", 1, 1, false), server("10.0.0.9:80"));
        name("a:80").finds("a", 80, "10.0.0.1", "10.0.0.2");
        assertThat(heard.lines).isEmpty();
        name("b:81").finds("b", 81, "10.0.0.3");
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80 w3 10.0.0.2:80 w3 10.0.0.9:80 10.0.0.3:81 p1");
        name("a:80").finds("a", 80, "10.0.0.2");
        assertThat(heard.last()).isEqualTo("found 10.0.0.2:80 w3 10.0.0.9:80 10.0.0.3:81 p1");
        assertThat(heard.servers).extracting(Found::name).containsExactly("a", "10.0.0.9", "b");
    }

    @Test
    void aNameThatCannotBeFoundDoesNotHoldUpTheOthers() {
        discovery.start(heard);
        source.finds(server("a:80"), server("b:80"));
        name("a:80").fails("a: no");
        name("b:80").finds("b", 80, "10.0.0.2");
        assertThat(heard.lines).containsExactly("failed a: no", "found 10.0.0.2:80");
        name("a:80").recovers();
        name("a:80").finds("a", 80, "10.0.0.1");
        assertThat(heard.lines)
                .containsExactly("failed a: no", "found 10.0.0.2:80", "recovered", "found 10.0.0.1:80 10.0.0.2:80");
    }

    @Test
    void noNameAtAllIsAnOutage() {
        discovery.start(heard);
        source.finds(server("a:80"));
        name("a:80").fails("a: no");
        assertThat(heard.lines).containsExactly("failed a: no");
    }

    @Test
    void namesComeAndGoWithTheSource() {
        discovery.start(heard);
        source.fails("no file");
        source.recovers();
        source.finds(server("a:80"));
        name("a:80").finds("a", 80, "10.0.0.1");
        source.finds(server("a:80", 2, 0, false), server("a:81"));
        assertThat(names).hasSize(2);
        name("a:81").finds("a", 81, "10.0.0.1");
        source.finds(server("a:81"));
        assertThat(name("a:80").closed).isTrue();
        assertThat(name("a:81").closed).isFalse();
        assertThat(heard.lines)
                .containsExactly(
                        "failed no file",
                        "recovered",
                        "found 10.0.0.1:80",
                        "found 10.0.0.1:80 w2 10.0.0.1:81",
                        "found 10.0.0.1:81");
    }

    @Test
    void anOutageOfTheSourceLeavesTheNamesAlive() {
        discovery.start(heard);
        source.finds(server("a:80"));
        name("a:80").finds("a", 80, "10.0.0.1");
        source.fails("no file");
        name("a:80").finds("a", 80, "10.0.0.2");
        source.recovers();
        assertThat(heard.lines)
                .containsExactly("found 10.0.0.1:80", "failed no file", "found 10.0.0.2:80", "recovered");
    }

    @Test
    void allEndTogether() {
        discovery.start(heard);
        source.finds(server("a:80"));
        Source late = name("a:80");
        discovery.close();
        loop.run();
        late.finds("a", 80, "10.0.0.1");
        source.finds(server("b:80"));
        assertThat(source.closed).isTrue();
        assertThat(late.closed).isTrue();
        assertThat(names).hasSize(1);
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void aFixedListIsASource() {
        Names fixed = new Names(
                new Fixed(List.of(server("10.0.0.2:80"), server("10.0.0.1:80"))),
                host -> {
                    throw new AssertionError("an address is not looked up");
                },
                loop);
        fixed.start(heard);
        loop.run();
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80 10.0.0.2:80");
        fixed.close();
    }
}
