package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCommandTest {
    private static final Pattern SHOP = Pattern.compile("127\\.0\\.0\\.1:\\d+(?=\"[,\\]])");

    @Test
    void aGatewayIsConfiguredInFrontOfTwoShopsThatAnswer() throws Exception {
        List<String> configs = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<String> served = new ArrayList<>();
        Server server = (source, whenServing) -> {
            files.add(((Source.ConfigFile) source).path());
            configs.add(read(files.getFirst()));
            Matcher shops = SHOP.matcher(configs.getFirst());
            while (shops.find()) {
                served.add(servedBy(shops.group()));
            }
            whenServing.accept(List.of(new Server.Listening("web", "127.0.0.1:1")));
            return Exit.DONE;
        };
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String wanted = Integer.toString(port);
            Run run = Run.larder(server, Run.NO_CONFIGS, Map.of(), "demo", "--port", wanted, "--admin-port", wanted);
            assertThat(run.exit()).isZero();
            Matcher bind =
                    Pattern.compile("web: \\{ bind: \"127.0.0.1:(\\d+)\"").matcher(configs.getFirst());
            assertThat(bind.find()).isTrue();
            assertThat(bind.group(1)).isNotEqualTo(wanted);
            assertThat(run.out())
                    .contains("curl -i http://127.0.0.1:" + bind.group(1) + "/products/1", "Ctrl-C stops")
                    .doesNotContain("127.0.0.1:" + wanted, "%1", "%2", "%%");
        }
        assertThat(served).containsExactly("shop-1", "shop-2");
        assertThat(files.getFirst()).doesNotExist();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String servedBy(String address) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + "/products/1"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("X-Served-By")
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void twoPortsAreNeverTheSame() {
        int first = DemoCommand.freePort(20_000, 0);
        assertThat(DemoCommand.freePort(first, first)).isGreaterThan(first);
    }
}
