package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Glob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PurgeTest {

    private static Purge of(String kind, String authority, String path) {
        return switch (kind) {
            case "url" -> new Purge.Url(authority, path);
            case "prefix" -> new Purge.Prefix(authority, path);
            case "match" -> new Purge.Match(Glob.of(authority + path));
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
        "match, a, /p, a, /p, true",
        "match, a, /p, a, /pq, false",
        "match, a, /p*, a, /p/q?r=s, true",
        "match, *, '', a, /p, true",
        "match, *, /p, b:81, /p, true",
        "match, *, /p, b, /q/p, true",
        "match, *.a, /p, b.a, /p, true",
        "match, *.a, /p, a, /p, false",
        "match, a, '*.png', a, /x/y.png, true",
        "match, a, '*.png', a, /x/y.png?z, false",
        "match, a, '/*/c?d*', a, /b/c?d=e, true",
        "match, A, /p, a, /p, false",
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
    void coversByUrl(String kind, String target, String path, String authority, String pathAndQuery, boolean covered) {
        assertThat(of(kind, target, path).covers(new Subject(authority, pathAndQuery)))
                .isEqualTo(covered);
    }

    private static final Subject TAGGED = new Subject("a", "/p", "shop", List.of("t", "u", "g"), List.of("g"));

    @ParameterizedTest(name = "{0} {1} of \"{2}\": {3}")
    @CsvSource({
        "tag, t, '', true",
        "tag, u, '', true",
        "tag, T, '', false",
        "tag, v, '', false",
        "tag, t, shop, true",
        "tag, t, other, false",
        "tag, g, '', true",
        "group, g, a, true",
        "group, g, b, false",
        "group, g, a:81, false",
        "group, t, a, false",
        "group, G, a, false",
    })
    void coversByName(String kind, String name, String of, boolean covered) {
        Purge purge = kind.equals("tag") ? new Purge.Tag(name, of) : new Purge.Group(of, name);
        assertThat(purge.covers(TAGGED)).isEqualTo(covered);
        assertThat(TAGGED.names().contains(purge)).as("what is looked up").isEqualTo(covered);
    }

    @Test
    void whatIsLookedUpIsAllThatIsExact() {
        assertThat(TAGGED.names()).allMatch(Purge::isExact).allMatch(purge -> purge.covers(TAGGED));
        assertThat(new Subject("a", "/p").names()).containsExactly(new Purge.Url("a", "/p"));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsExactOrAPattern(Purge.Kind kind) {
        Purge purge = switch (kind) {
            case URL -> new Purge.Url("a", "/p");
            case TAG -> new Purge.Tag("t");
            case GROUP -> new Purge.Group("a", "g");
            case PREFIX -> new Purge.Prefix("a", "/");
            case MATCH -> new Purge.Match(Glob.of("*"));
            case HOST -> new Purge.Host("a");
            case ALL -> new Purge.All();
        };
        assertThat(purge.kind()).isEqualTo(kind);
        assertThat(purge.covers(TAGGED)).isTrue();
        assertThat(purge.isExact()).isEqualTo(kind.compareTo(Purge.Kind.PREFIX) < 0);
    }
}
