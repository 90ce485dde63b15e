package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code larder explain}, by a file and by a gateway. Golden files hold a command and what it prints. */
@Timeout(60)
class ExplainCommandTest {
    private static final Path FOLDER = Path.of("src/test/resources/explain");
    private static final Path CONFIG = FOLDER.resolve("shop.yaml");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    static Stream<Path> golden() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void byAFile(Path file) throws IOException {
        String text = Files.readString(file);
        String command = text.lines().findFirst().orElseThrow();
        assertThat(command).startsWith("$ larder explain ");
        List<String> arguments = new ArrayList<>();
        Matcher word = WORD.matcher(command.substring("$ larder ".length()));
        while (word.find()) {
            arguments.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        arguments.replaceAll(argument -> argument.equals("shop.yaml") ? CONFIG.toString() : argument);
        Run run = Run.larder(Map.of(), arguments.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        String said = command + "\n" + run.out().replace(CONFIG.toString(), "shop.yaml");
        if ("write".equals(System.getProperty("larder.golden"))) {
            Files.writeString(file, said);
        }
        assertThat(said).isEqualTo(text);
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        Run run = larder("http://shop.example/static/a.css", "--status", "404", "--json");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("request").asText()).isEqualTo("GET http://shop.example/static/a.css");
        assertThat(json.path("live").asBoolean()).isFalse();
        assertThat(json.path("verdict").path("outcome").asText()).isEqualTo("miss");
        assertThat(json.path("verdict").path("reason").asText()).isEqualTo("no-freshness");
        assertThat(json.path("steps").path(0).path("topic").asText()).isEqualTo("site");
        assertThat(json.path("steps").path(0).path("place").asText()).startsWith(CONFIG + ":");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/cart|must be a URL as it goes over the wire",
                "http://a/ -X 'G T'|must be a method",
                "http://a/ -H Accept|a field is written 'Name: value', not Accept",
                "http://a/ -H 'A B: c'|\"A B\"",
                "http://a/ --response 'x'|a field is written",
                "http://a/ --status 99|must be a final status",
                "http://a/ --status many|many",
                "http://a/ --client shop.example|must be an IP address",
                "http://a/ --listener other|no listener is called other",
                "http://a/ --admin http://127.0.0.1:1|not both",
                "|URL"
            })
    void wrongUsageIsExit2(String arguments, String says) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(arguments == null ? "" : arguments);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        Run run = larder(words.toArray(String[]::new));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(says);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aBadConfigurationIsExit2AndSaysWhere() throws IOException {
        Path bad = Files.createTempFile("explain", ".yaml");
        Files.writeString(bad, "sites: {}\n");
        Run run = Run.larder(Map.of(), "explain", "http://a/", "-c", bad.toString());
        Files.delete(bad);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("the configuration cannot be used", bad + ":1:");
    }

    @Test
    void asksTheGateway() throws IOException {
        try (FakeGateway gateway = new FakeGateway()) {
            gateway.answers(200, """
                    {"request":"GET http://shop.example/","live":true,"new":1,
                     "steps":[{"topic":"reuse","asked":"?","answer":"served\\u001b[2J","reason":"fresh","source":"RFC 9111 4.2","notes":[{"name":"age","text":"3 s"}]}],
                     "verdict":{"outcome":"hit","reason":"fresh","sentence":"hit: fresh for 41 s more"}}""");
            String[] words = {
                "explain", "http://shop.example/", "-X", "HEAD", "-H", "Accept: a", "-H", "Accept:b", "--status", "404"
            };
            Run run = Run.larder(Map.of("LARDER_ADMIN", gateway.url()), words);
            assertThat(run.out().lines())
                    .containsExactly(
                            "GET http://shop.example/",
                            "",
                            "reuse     served\uFFFD[2J",
                            "            why  fresh, RFC 9111 4.2",
                            "            age  3 s",
                            "",
                            "verdict   hit: fresh for 41 s more");
            assertThat(gateway.calls)
                    .containsExactly(new FakeGateway.Call(
                            "POST /v1/explain",
                            "application/json",
                            "null",
                            "{\"url\":\"http://shop.example/\",\"method\":\"HEAD\",\"headers\":{\"Accept\":[\"a\",\"b\"]},"
                                    + "\"status\":404,\"response\":{}}"));
            gateway.answers(200, "{\"other\":1}");
            assertThat(Run.larder(Map.of("LARDER_ADMIN", gateway.url()), words).err())
                    .contains("another version");
        }
    }

    @Test
    void withoutAGatewayItSaysWhatElseThereIs() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Run run = Run.larder(Map.of(), "explain", "http://a/", "--admin", "http://127.0.0.1:" + port);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("no gateway answers", "-c FILE");
    }

    private static Run larder(String... arguments) {
        return Run.larder(
                Map.of(),
                Stream.concat(Stream.of("explain", "-c", CONFIG.toString()), Arrays.stream(arguments))
                        .toArray(String[]::new));
    }
}
