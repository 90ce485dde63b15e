package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReloadCommandTest {
    private static final String CHANGED = """
            {"changed":true,"changes":[
              {"kind":"added","path":"upstreams.next","after":"{servers: [a:1]}"},
              {"kind":"removed","path":"sites.shop.hosts","before":"b.example"},
              {"kind":"changed","path":"sites.shop.routes[3].cache.ttl","route":"/a/**","before":"5m","after":"10m"},
              {"kind":"moved","path":"sites.shop.routes[0]","route":"/b","before":"[4]"}],
             "files":["/etc/shop.crt","/etc/shop.key"],"restart-needed":["cache.memory","log.access"],"warnings":["a.yaml:3:1: odd"],"took-ms":12.3}""";
    private static final String REFUSED = """
            {"status":422,"detail":"the configuration is refused, and the one before stays live","problems":[
              {"place":"a.yaml:3:1","severity":"error","message":"unknown key 'x'","suggestion":"did you mean 'y'?"},
              {"severity":"error","message":"port \\u001b[2J taken"}]}""";

    private FakeGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new FakeGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Run reload(boolean colours, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of("LARDER_ADMIN", gateway.url());
        CommandLine line = Main.commandLine(new Main.World(Run.NO_SERVER, Run.NO_CONFIGS, environment::get, colours));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = new String[more.length + 1];
        arguments[0] = "reload";
        System.arraycopy(more, 0, arguments, 1, more.length);
        return new Run(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void saysWhatHasChanged() {
        gateway.answers(200, CHANGED);
        Run run = reload(false);
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "reloaded: 4 changes, 2 files with other content, 12.3 ms",
                        "+ upstreams.next: {servers: [a:1]}",
                        "- sites.shop.hosts: b.example",
                        "~ sites.shop.routes[3].cache.ttl (/a/**): 5m -> 10m",
                        "~ sites.shop.routes[0] (/b): moved, was [4]",
                        "~ the content of /etc/shop.crt",
                        "~ the content of /etc/shop.key",
                        "takes effect at the next start: cache.memory, log.access",
                        "warning: a.yaml:3:1: odd");
        assertThat(gateway.calls)
                .containsExactly(new FakeGateway.Call("POST /v1/reload", "application/json", "null", "{}"));
    }

    @Test
    void isColouredOnATerminal() {
        gateway.answers(200, CHANGED);
        assertThat(reload(true).out())
                .contains("\u001b[32m+ upstreams.next: {servers: [a:1]}\u001b[", "\u001b[31m- ", "\u001b[33m~ ");
    }

    @Test
    void saysThatNothingHas() {
        gateway.answers(200, "{\"changed\":false,\"changes\":[],\"restart-needed\":[],\"took-ms\":3.0}");
        Run run = reload(false);
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines()).containsExactly("nothing has changed, 3.0 ms");
    }

    @Test
    void saysWhatIsWrong() {
        gateway.answers(422, REFUSED);
        Run run = reload(false);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "larder: the configuration is refused, and the one before stays live",
                        "a.yaml:3:1: error: unknown key 'x'",
                        "  did you mean 'y'?",
                        "error: port \uFFFD[2J taken");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 422})
    void givesTheAnswerAsItIsToTools(int status) {
        String answer = (status == 200 ? CHANGED : REFUSED).replace("\n", "");
        gateway.answers(status, answer);
        Run run = reload(false, "--json");
        assertThat(run.exit()).isEqualTo(status == 200 ? 0 : 1);
        assertThat(run.out().strip()).isEqualTo(answer);
    }

    @Test
    void aGatewayWithoutAFileSaysSo() {
        gateway.answers(409, "{\"status\":409,\"detail\":\"there is no file\"}");
        Run run = reload(false);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("refuses: there is no file");
    }
}
