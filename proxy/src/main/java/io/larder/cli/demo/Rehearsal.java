package io.larder.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** What a gateway is asked first, so that a JVM that takes notes has seen it. */
public final class Rehearsal {
    private static final int ROUNDS = 100;
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** One page is asked for again and again, some hold things back, one is nobody's to keep. */
    private static final List<String> PAGES = List.of("/products/1", "/products/1", "/", "/welcome", "/cart");

    private Rehearsal() {}

    /** The gateway's configuration: free ports, the shop at {@code shop} behind it. */
    public static String yaml(String shop) {
        return """
                listeners:
                  web: { bind: "127.0.0.1:0" }
                admin:
                  bind: "127.0.0.1:0"
                upstreams:
                  shop: { servers: ["%s"] }
                sites:
                  shop:
                    hosts: ["127.0.0.1"]
                    upstream: shop
                    routes:
                      - path: /cart
                        cache: off
                      - path: /**
                        name: pages
                        cache: { stale-while-revalidate: 30s, stale-if-error: 10m }
                log:
                  access: { format: json, to: stdout }
                shutdown: { drain: 2s }
                """.formatted(shop);
    }

    /** {@code yaml} with something else in it, as an operator changes it. */
    public static String edited(String yaml) {
        return yaml.replace("stale-if-error: 10m", "stale-if-error: 20m");
    }

    /**
     * Asks the site and its operators' port for what they are asked for most.
     *
     * @throws IOException when an answer is no success, or does not come
     */
    public static void visit(String site, String admin) throws IOException, InterruptedException {
        try (HttpClient client = client()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (String page : PAGES) {
                    ask(client, site + page);
                }
            }
            for (String page : List.of("/readyz", "/metrics", "/v1/status")) {
                ask(client, admin + page);
            }
        }
    }

    /** Has the gateway end. One that cannot be told so is ended by whoever started it. */
    public static void end(String admin) {
        HttpRequest drain = HttpRequest.newBuilder(URI.create(admin + "/v1/drain"))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try (HttpClient client = client()) {
            client.send(drain, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            System.err.println("larder: the rehearsal cannot be ended: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ask(HttpClient client, String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER)
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .header("Accept-Language", "de,en;q=0.5")
                .header("Accept-Encoding", "gzip, deflate, br, zstd")
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException(url + " was answered with " + status);
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(ANSWER)
                .build();
    }
}
