package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page says of itself, from what it and its parts say. */
class JointHeadTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static Response response(String cacheControl, String... added) {
        Headers headers = cacheControl.equals("-") ? Headers.EMPTY : Headers.of("Cache-Control", cacheControl);
        return new Response(200, "OK", headers, Headers.of(added), Body.none());
    }

    private static String joint(boolean personal, String... all) {
        List<Response> responses =
                Arrays.stream(all).map(each -> response(each)).toList();
        Headers head = JointHead.of(responses.get(0), responses.subList(1, responses.size()), Set.of(), personal, NOW);
        return String.valueOf(head.first(Fields.CACHE_CONTROL));
    }

    /** RFC 9111 §5.2.2: the least fresh, the most private, the most demanding of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60 | max-age=30 | max-age=30",
                "max-age=10 | max-age=30 | max-age=10",
                "max-age=60 | private, max-age=30 | private, max-age=30",
                "private, max-age=60 | max-age=30 | private, max-age=30",
                "max-age=60 | - | no-cache",
                "- | max-age=60 | no-cache",
                "max-age=60 | private | private, no-cache",
                "max-age=60 | no-cache | no-cache",
                "max-age=60 | no-store | no-store",
                "no-store, no-transform | max-age=1 | no-store, no-transform",
                "max-age=60, s-maxage=600 | max-age=60 | max-age=60",
                "max-age=60, s-maxage=600 | max-age=30, s-maxage=100 | max-age=30, s-maxage=100",
                "s-maxage=600 | s-maxage=100 | max-age=0, s-maxage=100",
                "s-maxage=600 | private, max-age=10 | private, no-cache",
                "max-age=60, must-revalidate | max-age=60 | max-age=60, must-revalidate",
                "max-age=60, proxy-revalidate | max-age=60 | max-age=60, must-revalidate",
                "public, max-age=60, immutable | public, max-age=60 | max-age=60",
                "max-age=60 | max-age=60, no-transform | max-age=60, no-transform",
                "max-age=0 | max-age=60 | max-age=0",
                "max-age=60 | max-age=x | max-age=0"
            })
    void isAsFreshAndAsPrivateAsTheLeast(String page, String part, String expected) {
        assertThat(joint(false, page, part)).isEqualTo(expected);
    }

    @Test
    void whatShowsSomethingOfTheVisitorsIsPrivate() {
        assertThat(joint(true, "max-age=60", "max-age=30")).isEqualTo("private, max-age=30");
        assertThat(joint(true, "s-maxage=60")).isEqualTo("private, no-cache");
    }

    @Test
    void theAgeOfEachPartCounts() {
        Response page = response("max-age=60", "Age", "50");
        Response part = response("max-age=100", "Age", "99");
        Headers head = JointHead.of(page, List.of(part), Set.of(), false, NOW);
        assertThat(head.first(Fields.CACHE_CONTROL)).isEqualTo("max-age=1");
        assertThat(head.contains(Fields.AGE)).isFalse();
        Response old = response("max-age=100", "Age", "200");
        assertThat(JointHead.of(page, List.of(old), Set.of(), false, NOW).first(Fields.CACHE_CONTROL))
                .isEqualTo("max-age=0");
    }

    @Test
    void expiresCountsWhereNothingElseIsSaid() {
        Headers dated = Headers.of("Date", "Mon, 30 Nov 2026 12:00:00 GMT", "Expires", "Mon, 30 Nov 2026 12:00:20 GMT");
        Response page = new Response(200, "OK", dated, Body.none());
        Headers head = JointHead.of(page, List.of(response("max-age=100")), Set.of(), false, NOW);
        assertThat(head.first(Fields.CACHE_CONTROL)).isEqualTo("max-age=20");
        assertThat(head.contains(Fields.EXPIRES) || head.contains(Fields.DATE)).isFalse();
    }

    @Test
    void itVariesByWhateverAnyOfThemVariesBy() {
        Response page = new Response(200, "OK", Headers.of("Vary", "Accept-Language, cookie"), Body.none());
        Response part = new Response(200, "OK", Headers.of("Vary", "X-Country, Cookie"), Body.none());
        Headers head = JointHead.of(page, List.of(part), Set.of("User-Agent"), false, NOW);
        assertThat(head.first(Fields.VARY)).isEqualTo("Accept-Language, cookie, X-Country, User-Agent");
        Response all = new Response(200, "OK", Headers.of("Vary", "*"), Body.none());
        assertThat(JointHead.of(page, List.of(all), Set.of(), false, NOW).first(Fields.VARY))
                .isEqualTo("*");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type, true",
        "Link, true",
        "Set-Cookie, true",
        "Content-Language, true",
        "ETag, false",
        "Last-Modified, false",
        "Content-Length, false",
        "Content-Encoding, false",
        "Accept-Ranges, false",
        "Content-MD5, false",
        "Repr-Digest, false",
        "Surrogate-Control, false",
        "X-Accel-Expires, false",
        "X-Larder-Form, false",
        "CDN-Cache-Control, false",
        "Vercel-CDN-Cache-Control, false",
        "Pragma, false",
        "No-Vary-Search, false"
    })
    void whatIsTrueOfOnePartAloneIsLeftOut(String name, boolean kept) {
        Response page = new Response(200, "OK", Headers.of(name, "x"), Body.none());
        assertThat(JointHead.unknown(page).contains(FieldName.of(name))).isEqualTo(kept);
        assertThat(JointHead.of(page, List.of(), Set.of(), false, NOW).contains(FieldName.of(name)))
                .isEqualTo(kept);
    }
}
