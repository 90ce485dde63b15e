package io.larder.bench;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks of the parts work on: a page of 1 KB, and who asks for it. */
public final class Samples {
    /** When the page was fetched. */
    public static final Instant FETCHED = Instant.parse("2026-11-29T12:00:00Z");

    /** When it is asked for. */
    public static final Instant NOW = FETCHED.plusSeconds(7);

    private static final String BROWSER = """
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: de,en-US;q=0.7,en;q=0.3
            Accept-Encoding: gzip, deflate, br, zstd
            Connection: keep-alive
            Referer: http://shop.example/products/
            Upgrade-Insecure-Requests: 1
            Sec-Fetch-Dest: document
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Site: same-origin
            """;

    private static final String CURL = """
            User-Agent: curl/8.5.0
            Accept: */*
            """;

    private Samples() {}

    /** A request's head as {@code client}, curl or browser, sends it. */
    public static String head(String client) {
        return ("GET /products/7?colour=red HTTP/1.1\nHost: shop.example\n" + fields(client) + "\n")
                .replace("\n", "\r\n");
    }

    private static String fields(String client) {
        return client.equals("browser") ? BROWSER : CURL;
    }

    /** A request as {@code client}, curl or browser, makes it. */
    public static Request request(String client) {
        List<String> fields = new ArrayList<>(List.of("Host", "shop.example"));
        fields(client).lines().forEach(line -> fields.addAll(List.of(line.split(": ", 2))));
        return request("/products/7?colour=red", fields.toArray(new String[0]));
    }

    /** A GET for something else. */
    public static Request request(String path, String... fields) {
        return Request.get(Target.of("http", "shop.example", path), Headers.of(fields));
    }

    /** The page as the origin sends it; {@code vary} empty for none. */
    public static Response response(String vary) {
        List<String> fields = new ArrayList<>(List.of(
                "Date", "Sun, 29 Nov 2026 12:00:00 GMT",
                "Content-Type", "text/html; charset=utf-8",
                "Cache-Control", "public, max-age=3600",
                "ETag", "\"5f3-61e9d6a1\"",
                "Last-Modified", "Sat, 28 Nov 2026 08:30:00 GMT",
                "Content-Length", "1024"));
        if (!vary.isEmpty()) {
            fields.addAll(List.of("Vary", vary));
        }
        Body body = new Body.Whole(Bytes.of(new byte[1024], 0, 1024));
        return Response.of(200, Headers.of(fields.toArray(new String[0])), body);
    }

    /** The page as it is stored for {@code request}. */
    public static Stored stored(Request request, String vary) {
        Response response = response(vary);
        Bytes body = Bytes.of(new byte[1024], 0, 1024);
        return switch (Storability.of(CacheRules.DEFAULTS, request, response, FETCHED, FETCHED)) {
            case Storability.Keep keep -> keep.with(body);
            case Storability.Refuse refuse -> throw new IllegalStateException("not stored: " + refuse);
        };
    }
}
