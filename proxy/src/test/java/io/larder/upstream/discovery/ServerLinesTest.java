package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServerLinesTest {
    private static ServerLines parse(String text) {
        return ServerLines.parse("servers.txt", text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "10.0.0.1:80                         | 10.0.0.1:80",
                "  10.0.0.1:80\t weight=3  backup    | 10.0.0.1:80 w3 p1",
                "10.0.0.1:80 backup weight=1000000   | 10.0.0.1:80 w1000000 p1",
                "[::1]:80 # why                      | [::1]:80",
                "App.internal:8000                   | app.internal:8000",
                "`#10.0.0.9:80\n\n \n10.0.0.1:80\r\n10.0.0.2:80 # x # y\r10.0.0.3:80` | 10.0.0.1:80 10.0.0.2:80 10.0.0.3:80",
            })
    void readsServers(String text, String servers) {
        assertThat(parse(text))
                .isInstanceOfSatisfying(
                        ServerLines.Servers.class,
                        good -> assertThat(Heard.text(good.all())).isEqualTo(servers));
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("", "servers.txt: there is no server in it"),
                Arguments.of("# only words\n\n", "servers.txt: there is no server in it"),
                Arguments.of("10.0.0.1", "servers.txt:1: '10.0.0.1' is not host:port"),
                Arguments.of("10.0.0.1:80\n10.0.", "servers.txt:2: '10.0.' is not host:port"),
                Arguments.of("10.0.0.1:80 weight=0", "servers.txt:1: 'weight=0': a weight is from 1 to 1000000"),
                Arguments.of("10.0.0.1:80 weight=1000001", "servers.txt:1: 'weight=1000001': a weight is from"),
                Arguments.of("10.0.0.1:80 weight=-1", "servers.txt:1: 'weight=-1': a weight is from 1 to 1000000"),
                Arguments.of("\n10.0.0.1:80 bakcup", "servers.txt:2: 'bakcup' is neither weight=N nor backup"),
                Arguments.of("10.0.0.1:80#x", "servers.txt:1: '10.0.0.1:80#x' is not host:port"),
                Arguments.of("unix:/run/app.sock", "servers.txt:1: 'unix:/run/app.sock' is not host:port"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhatIsWrongAndWhere(String text, String problem) {
        assertThat(parse(text))
                .isInstanceOfSatisfying(
                        ServerLines.Broken.class,
                        bad -> assertThat(bad.summary()).startsWith(problem));
    }

    @Test
    void saysAllThatIsWrong() {
        assertThat(parse("a b c\n10.0.0.1:80\nx:y weight=\n")).isInstanceOfSatisfying(ServerLines.Broken.class, bad -> {
            assertThat(bad.problems())
                    .containsExactly(
                            "servers.txt:1: 'a' is not host:port",
                            "servers.txt:1: 'b' is neither weight=N nor backup",
                            "servers.txt:1: 'c' is neither weight=N nor backup",
                            "servers.txt:3: 'x:y' is not host:port",
                            "servers.txt:3: 'weight=': a weight is from 1 to 1000000");
            assertThat(bad.summary()).isEqualTo("servers.txt:1: 'a' is not host:port (and 4 more)");
        });
    }
}
