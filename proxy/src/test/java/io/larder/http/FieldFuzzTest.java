package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The readers of field values are total: no text makes them throw, and what they say stays within its bounds. */
class FieldFuzzTest {
    private static final int ROUNDS = 60_000;
    private static final String[] SHARDS = {
        "max-age",
        "s-maxage",
        "no-store",
        "private",
        "=",
        "\"",
        "\\",
        ",",
        ";",
        " ",
        "\t",
        "0",
        "9",
        "60",
        "W/",
        "*",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Nov",
        "GMT",
        ":",
        "-",
        "/",
        "?",
        "#",
        "..",
        "http://",
        "\u00e9",
        "\u0000",
        "[",
        "]",
        "%2f",
        "a",
        "@"
    };
    private final Random random = new Random(20261123);
    private final Instant now = Instant.parse("2026-11-23T12:00:00Z");

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(SHARDS[random.nextInt(SHARDS.length)]);
        }
        if (!text.isEmpty() && random.nextInt(3) == 0) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        }
        return text.toString();
    }

    @Test
    void cacheControl() {
        for (int i = 0; i < ROUNDS; i++) {
            CacheControl control = CacheControl.parse(text());
            assertThat(control.seconds("max-age")).isBetween(CacheControl.ABSENT, CacheControl.MAX_SECONDS);
            assertThat(control.has("max-age")).isEqualTo(control.seconds("max-age") != CacheControl.ABSENT);
            assertThat(control.fieldNames("private")).doesNotContain("");
        }
    }

    @Test
    void lists() {
        for (int i = 0; i < ROUNDS; i++) {
            String value = text();
            for (String member : FieldList.members(value)) {
                assertThat(value).contains(member);
                assertThat(member).isNotEmpty().doesNotStartWith(" ").doesNotEndWith("\t");
            }
        }
    }

    @Test
    void entityTags() {
        for (int i = 0; i < ROUNDS; i++) {
            String tag = "\"" + random.nextInt(5) + "\"";
            String noise = text().replace("\"", "");
            assertThat(EntityTag.listMatches(noise + "," + tag, tag)).isTrue();
            assertThat(EntityTag.listMatches(noise, "\"none\"")).isFalse();
        }
    }

    @Test
    void dates() {
        String[] seeds = {SHARDS[16], SHARDS[17], SHARDS[18]};
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder date = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int n = random.nextInt(4); n > 0; n--) {
                mutate(date);
            }
            Instant parsed = HttpDate.parse(date.toString(), now);
            if (parsed != null) {
                read++;
                assertThat(HttpDate.parse(HttpDate.format(parsed), now)).isEqualTo(parsed);
            }
            HttpDate.parse(text(), now);
        }
        assertThat(read).isGreaterThan(ROUNDS / 8);
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
            case 0 -> text.setCharAt(at, (char) ('0' + random.nextInt(10)));
            case 1 -> text.setCharAt(at, (char) random.nextInt(256));
            default -> text.deleteCharAt(at);
        }
    }

    @Test
    void references() {
        Target base = Target.of("http", "a.example", "/b/c?d");
        for (int i = 0; i < ROUNDS; i++) {
            Target resolved = UriReference.resolve(base, text());
            if (resolved != null) {
                assertThat(resolved.path()).startsWith("/").doesNotContain("?");
                assertThat(resolved.authority().isNone()).isFalse();
            }
        }
    }
}
