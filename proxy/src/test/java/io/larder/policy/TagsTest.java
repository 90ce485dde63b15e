package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Target;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {
    private static final Target TARGET = Target.of("http", "a", "/p");
    private static final String[] NAMES = {
        "Surrogate-Key", "xkey", "Cache-Tag", "X-Cache-Tags", "Edge-Cache-Tag", "Cache-Groups"
    };

    private static Headers fields(String lines) {
        HeadersBuilder headers = Headers.builder();
        for (String line : lines.split(" \\| ", -1)) {
            int colon = line.indexOf(':');
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers.build();
    }

    @ParameterizedTest(name = "{0} -> {1} ({2})")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            X: y                                  ; -             ; none
            Surrogate-Key: a b                    ; a, b          ; parted by blanks
            surrogate-key:   a    b               ; a, b          ; in any case, with any blanks
            Surrogate-Key: a,b c                  ; a,b, c        ; a comma is part of a tag
            Surrogate-Key: a a b                  ; a, b          ; once each
            Surrogate-Key: a | Surrogate-Key: b   ; a, b          ; on several lines
            xkey: a b                             ; a, b          ; parted by blanks
            Cache-Tag: a,b , c d                  ; a, b, c d     ; parted by commas
            Cache-Tag: ,, ,a,                     ; a             ; empty ones are none
            Cache-Tag: "a,b"                      ; "a, b"        ; no quoted strings
            X-Cache-Tags: a,b                     ; a, b          ; parted by commas
            Edge-Cache-Tag: a,b                   ; a, b          ; parted by commas
            Cache-Groups: "a", "b c"              ; a, b c        ; RFC 9875 2
            Cache-Groups: "a" | Cache-Groups: "b" ; a, b          ; RFC 9651 4.2
            Cache-Groups: a                       ; -             ; RFC 9651 4.2: not a String
            Cache-Groups: "a", b                  ; -             ; RFC 9651 4.2: all or nothing
            Cache-Groups: "a", ("b")              ; -             ; RFC 9651 4.2
            Cache-Groups: "a                      ; -             ; RFC 9651 4.2
            Cache-Groups: "a",                    ; -             ; RFC 9651 4.2.1
            Surrogate-Key: a | Cache-Groups: "a"  ; a             ; once each
            xkey: x | Cache-Tag: c | Surrogate-Key: s ; s, x, c   ; all of them
            """)
    void names(String lines, String names, String why) {
        Tags tags = Tags.of(Tagging.NONE, TARGET, fields(lines)).orElseThrow();
        assertThat(tags.names().isEmpty() ? "-" : String.join(", ", tags.names()))
                .as(why)
                .isEqualTo(names);
    }

    @Test
    void groupsAreToldFromOtherTags() {
        Tags tags = Tags.of(Tagging.NONE, TARGET, fields("xkey: a | Cache-Groups: \"g\""))
                .orElseThrow();
        assertThat(tags.groups()).containsExactly("g");
        assertThat(tags.names()).containsExactly("a", "g");
    }

    @Test
    void theRouteAddsItsOwn() {
        Tagging route = new Tagging("shop", target -> List.of("path-" + target.path(), "a"));
        Tags tags = Tags.of(route, TARGET, fields("xkey: a")).orElseThrow();
        assertThat(tags.scope()).isEqualTo("shop");
        assertThat(tags.names()).containsExactly("a", "path-/p");
    }

    @Test
    void moreThanCanBeKeptAreNoTags() {
        String most = IntStream.range(0, Tags.MOST).mapToObj(i -> "t" + i).collect(Collectors.joining(","));
        String longest = "x".repeat(Tags.LONGEST);
        assertThat(Tags.of(Tagging.NONE, TARGET, fields("Cache-Tag: " + most))).isPresent();
        assertThat(Tags.of(Tagging.NONE, TARGET, fields("Cache-Tag: " + most + ",one")))
                .isEmpty();
        assertThat(Tags.of(Tagging.NONE, TARGET, fields("Cache-Tag: " + most + ",t0")))
                .isPresent();
        assertThat(Tags.of(Tagging.NONE, TARGET, fields("xkey: " + longest))).isPresent();
        assertThat(Tags.of(Tagging.NONE, TARGET, fields("xkey: " + longest + "x")))
                .isEmpty();
    }

    @Test
    void whatTheyWeighGrowsWithThem() {
        assertThat(Tags.NONE.weight()).isZero();
        long one = new Tags("", List.of("a"), List.of()).weight();
        assertThat(new Tags("", List.of("a", "bcd"), List.of()).weight()).isGreaterThan(one + 40);
    }

    /** Any octets are tags, or none; what is written in the plainest way is always read. */
    @Test
    void anythingIsRead() {
        Random random = new Random(9875);
        for (int i = 0; i < 20_000; i++) {
            String noise = random.ints(random.nextInt(40), 0x20, 0x100)
                    .filter(c -> c != 0x7f)
                    .mapToObj(c -> String.valueOf((char) c))
                    .collect(Collectors.joining());
            String name = NAMES[random.nextInt(NAMES.length)];
            Tags tags = Tags.of(Tagging.NONE, TARGET, Headers.of(name, noise.strip()))
                    .orElseThrow();
            assertThat(tags.names()).allMatch(tag -> !tag.isEmpty() || name.equals("Cache-Groups"));
            Stream<String> again = tags.names().stream()
                    .filter(tag -> !tag.isEmpty() && tag.indexOf(' ') < 0)
                    .filter(tag -> !name.equals("Cache-Groups"));
            assertThat(again).allMatch(tag -> Tags.of(Headers.of("xkey", tag)).contains(tag));
        }
    }
}
