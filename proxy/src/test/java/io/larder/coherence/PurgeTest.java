package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgeTest {

    private static Purge of(String kind, String authority, String path) {
        return switch (kind) {
            case "url" -> new Purge.Url(authority, path);
            case "prefix" -> new Purge.Prefix(authority, path);
            case "host" -> new Purge.Host(authority);
            default -> new Purge.All();
        };
    }

    @ParameterizedTest(name = "{0} {1}{2} covers {3}{4}: {5}")
    @CsvSource({
        "url, a, /p, a, /p, true",
        "url, a, /p, a, /p?, false",
        "url, a, /p, a, /p?q, false",
        "url, a, /p?q, a, /p?q, true",
        "url, a, /p, a:81, /p, false",
        "url, a, /p, b, /p, false",
        "url, a, /p, a, /P, false",
        "prefix, a, /p, a, /p, true",
        "prefix, a, /p, a, /p/q?r, true",
        "prefix, a, /p, a, /pq, true",
        "prefix, a, /p/, a, /p, false",
        "prefix, a, /p, b, /p, false",
        "prefix, a, /, a, /anything, true",
        "host, a, '', a, /p, true",
        "host, a, '', a:81, /p, true",
        "host, a:81, '', a:81, /p, true",
        "host, a:81, '', a, /p, false",
        "host, a:8, '', a:81, /p, false",
        "host, a, '', ab, /p, false",
        "host, a, '', a.b, /p, false",
        "host, b, '', a.b, /p, false",
        "host, [::1], '', [::1]:81, /p, true",
        "all, '', '', a, /p, true",
    })
    void covers(String kind, String target, String path, String authority, String pathAndQuery, boolean covered) {
        assertThat(of(kind, target, path).covers(authority, pathAndQuery)).isEqualTo(covered);
    }
}
