package io.larder.policy;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.HttpDate;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Requests, responses and stored responses for tests, at a time that stands still. */
final class Given {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final Target TARGET = Target.of("http", "shop.example", "/p?q=1");
    static final Bytes BODY = Bytes.utf8("hello");

    private Given() {}

    static Request get(String... headers) {
        return Request.get(TARGET, Headers.of(headers));
    }

    /** {@code Name: value} lines separated by {@code  | }; {@code [+60]} stands for the date 60 seconds from now. */
    static Headers headers(String lines) {
        return Headers.of(List.of(lines.split(" \\| ", -1)).stream()
                .filter(line -> !line.isBlank())
                .flatMap(line -> List.of(
                        line.substring(0, line.indexOf(':')).trim(),
                        dated(line.substring(line.indexOf(':') + 1).trim()))
                        .stream())
                .toArray(String[]::new));
    }

    private static String dated(String value) {
        boolean date = value.matches("\\[[+-]\\d+]");
        return date ? at(Long.parseLong(value.substring(1, value.length() - 1))) : value;
    }

    static String at(long secondsFromNow) {
        return HttpDate.format(NOW.plusSeconds(secondsFromNow));
    }

    static Response response(int status, String lines) {
        return Response.of(status, headers(lines), new Body.Whole(BODY));
    }

    static Storability storability(CacheRules rules, Request request, Response response) {
        return Storability.of(rules, request, response, NOW, NOW);
    }

    /** What is stored of a 200 with these fields. */
    static Stored stored(String lines) {
        return stored(CacheRules.DEFAULTS, get(), response(200, lines));
    }

    static Stored stored(CacheRules rules, Request request, Response response) {
        return switch (storability(rules, request, response)) {
            case Storability.Keep keep -> keep.with(BODY);
            case Storability.Refuse refuse -> throw new AssertionError("refused: " + refuse);
        };
    }

    static Instant after(double seconds) {
        return NOW.plus(Duration.ofMillis(Math.round(seconds * 1000)));
    }
}
