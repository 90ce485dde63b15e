package io.larder.upstream.discovery;

import static io.larder.upstream.discovery.FoundTest.server;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "1, 0, 500",
        "1, 1, 1000",
        "2, 0, 1000",
        "2, 1, 2000",
        "3, 0.5, 3000",
        "4, 1, 8000",
        "5, 1, 10000",
        "6, 0, 5000",
        "60, 1, 10000",
        "2000000000, 1, 10000",
    })
    void pausesGrow(int failures, double chance, long millis) {
        assertThat(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10)).pause(failures, chance))
                .isEqualTo(Duration.ofMillis(millis));
    }
}
