package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookiesTest {
    private static final List<Glob> IGNORED = List.of(new Glob("_ga"), new Glob("_pk_*"));

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            a=1                       | a=1
            _ga=1                     | none
            _ga=1; a=1                | a=1
            a=1; _ga=1; b=2           | a=1; b=2
            a=1;_ga=1;b=2             | a=1; b=2
            a=1;b=2                   | a=1;b=2
            _pk_id.1=x; _pk_ses=y     | none
            _gat=1                    | _gat=1
            a=_ga=1                   | a=_ga=1
            _ga                       | none
            _ga; =; ;a                | =; a
            """)
    void drops(String cookies, String kept) { // RFC 6265 §4.2
        Request request = Cookies.drop(Given.get("X", "1", "Cookie", cookies, "Y", "2"), IGNORED);
        assertThat(request.headers().first(Fields.COOKIE)).isEqualTo(kept);
        assertThat(request.headers().size()).isEqualTo(kept == null ? 2 : 3);
    }

    @Test
    void aRequestWithoutThemStaysAsItIs() {
        Request request = Given.get("Cookie", "a=1;b=2");
        assertThat(Cookies.drop(request, IGNORED)).isSameAs(request);
        assertThat(Cookies.drop(request, List.of())).isSameAs(request);
        Request without = Given.get();
        assertThat(Cookies.drop(without, IGNORED)).isSameAs(without);
    }

    @Test
    void severalLinesAreRead() { // RFC 9113 §8.2.3
        Headers headers = Headers.of("Cookie", "a=1", "cookie", "b=2; c=");
        assertThat(Cookies.value(headers, "b")).isEqualTo("2");
        assertThat(Cookies.value(headers, "c")).isEmpty();
        assertThat(Cookies.value(headers, "d")).isNull();
        assertThat(Cookies.named(headers, List.of(new Glob("b*")))).isEqualTo("b");
        Request request = Cookies.drop(Given.get().withHeaders(headers), List.of(new Glob("a")));
        assertThat(request.headers().all(Fields.COOKIE)).containsExactly("b=2; c=");
    }

    @Test
    void totalOnAnyText() {
        Random random = new Random(6265);
        String[] shards = {"_ga", "=", ";", " ", "a", "\"", ",", "_pk_", "\t", "\u00e9"};
        for (int i = 0; i < 30_000; i++) {
            String value = Stream.generate(() -> shards[random.nextInt(shards.length)])
                    .limit(random.nextInt(12))
                    .reduce("", String::concat)
                    .trim();
            Request dropped = Cookies.drop(Given.get("Cookie", value), IGNORED);
            assertThat(Cookies.named(dropped.headers(), IGNORED)).as(value).isNull();
            assertThat(Cookies.drop(dropped, IGNORED)).isSameAs(dropped);
        }
    }
}
