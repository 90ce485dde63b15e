package io.larder.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ShopTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Fault fault = new Fault();
    private Shop one;
    private Shop two;

    @BeforeEach
    void open() throws IOException {
        one = Shop.open("one", fault, Duration.ofMillis(20), Duration.ofMillis(60));
        two = Shop.open("two", fault, Duration.ZERO, Duration.ZERO);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        client.close();
    }

    private HttpResponse<String> get(Shop shop, String path, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + shop.address() + path));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String field(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200, 'public, max-age=30', Oak shelf",
        "/products/1, 200, 'public, max-age=60', solid",
        "/products/99, 404, 'private, no-store', no such page",
        "/products/x, 404, 'private, no-store', no such page",
        "/products/1111111111, 404, 'private, no-store', no such page",
        "/nothing, 404, 'private, no-store', no such page",
        "/welcome, 200, 'public, max-age=60', How nice",
        "/slow, 200, 'public, max-age=10', 60 ms",
        "/cart, 200, 'private, no-store', 'Things in it: 0'"
    })
    void pages(String path, int status, String cacheControl, String holds) throws Exception {
        HttpResponse<String> response = get(one, path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(field(response, "cache-control")).isEqualTo(cacheControl);
        assertThat(field(response, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(field(response, "x-served-by")).isEqualTo("one");
        assertThat(response.body()).contains(holds);
    }

    @Test
    void productsTakeTheirTimeAndCanBeValidated() throws Exception {
        long began = System.nanoTime();
        HttpResponse<String> first = get(one, "/products/2");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        HttpResponse<String> again = get(two, "/products/2", "If-None-Match", field(first, "etag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(field(again, "cache-control")).isEqualTo("public, max-age=60");
        assertThat(get(one, "/products/2", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"de-CH, de, Willkommen", "'fr,en;q=0.5', fr, Bienvenue", "en, en, Welcome", "x, en, Welcome"})
    void languages(String wanted, String language, String holds) throws Exception {
        HttpResponse<String> response = get(two, "/welcome", "Accept-Language", wanted);
        assertThat(field(response, "content-language")).isEqualTo(language);
        assertThat(field(response, "vary")).isEqualTo("Accept-Language");
        assertThat(response.body()).contains(holds);
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'cart=4', 5", "'a=b; cart=4', 5", "'cart=x', 1", "'cart=99999', 1"})
    void theCartCounts(String cookie, int things) throws Exception {
        HttpResponse<String> response = get(two, "/cart?add=1", "Cookie", cookie);
        assertThat(response.body()).contains("Things in it: " + things);
        assertThat(field(response, "set-cookie")).startsWith("cart=" + things + ";");
    }

    @Test
    void theFaultBreaksAllInstances() throws Exception {
        assertThat(get(one, "/admin/break?on").statusCode()).isEqualTo(200);
        for (Shop shop : List.of(one, two)) {
            HttpResponse<String> response = get(shop, "/products/1");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.headers().firstValue("cache-control")).isEmpty();
        }
        assertThat(get(two, "/admin/break?off").statusCode()).isEqualTo(200);
        assertThat(get(one, "/products/1").statusCode()).isEqualTo(200);
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<String> get = get(two, "/");
        HttpResponse<String> head = client.send(
                HttpRequest.newBuilder(URI.create("http://" + two.address() + "/"))
                        .HEAD()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.body()).isEmpty();
        assertThat(field(head, "content-length")).isEqualTo(field(get, "content-length"));
    }
}
