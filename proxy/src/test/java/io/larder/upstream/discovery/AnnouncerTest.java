package io.larder.upstream.discovery;

import static io.larder.upstream.discovery.FoundTest.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private final Heard heard = new Heard();
    private final Announcer announcer = new Announcer(heard);

    @Test
    void whatIsNoNewsIsNotTold() {
        announcer.good(List.of(server("10.0.0.1:80"), server("10.0.0.2:80")));
        announcer.good(List.of(server("10.0.0.2:80"), server("10.0.0.1:80"), server("10.0.0.1:80")));
        announcer.good(List.of(server("10.0.0.1:80")));
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80 10.0.0.2:80", "found 10.0.0.1:80");
    }

    @Test
    void anOutageIsToldOnceAndSoIsItsEnd() {
        announcer.bad("one");
        announcer.bad("two");
        announcer.good(List.of(server("10.0.0.1:80")));
        announcer.bad("three");
        announcer.good(List.of(server("10.0.0.1:80")));
        announcer.good(List.of(server("10.0.0.1:80")));
        assertThat(heard.lines)
                .containsExactly("failed one", "recovered", "found 10.0.0.1:80", "failed three", "recovered");
    }

    @Test
    void whatChangesInAnOutageIsTold() {
        announcer.good(List.of(server("10.0.0.1:80")));
        announcer.partly(List.of(server("10.0.0.2:80")), "half");
        announcer.partly(List.of(server("10.0.0.3:80")), "half");
        announcer.good(List.of(server("10.0.0.3:80")));
        assertThat(heard.lines)
                .containsExactly(
                        "found 10.0.0.1:80", "failed half", "found 10.0.0.2:80", "found 10.0.0.3:80", "recovered");
    }

    @Test
    void noServerAtAllIsNewsToo() {
        announcer.good(List.of());
        announcer.good(List.of());
        assertThat(heard.lines).containsExactly("found ");
    }
}
