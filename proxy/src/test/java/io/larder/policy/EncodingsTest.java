package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingsTest {
    private static final Bytes TEXT = Bytes.utf8("larder ".repeat(1000));

    @ParameterizedTest(name = "Accept-Encoding: {0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "absent",
            value = { // RFC 9110 12.5.3
                "absent|false",
                "''|false",
                "gzip|true",
                "GZIP|true",
                "x-gzip|true",
                "gzip, deflate, br, zstd|true",
                "br|false",
                "identity|false",
                "*|true",
                "*;q=0|false",
                "gzip;q=0|false",
                "gzip;q=0, *|false",
                "gzip;q=0.5|true",
                "gzip;q=0.5, identity|false",
                "gzip;q=0.5, identity;q=0.5|true",
                "identity;q=0, gzip;q=0.001|true",
                "identity;q=0|false",
                "*;q=0.5, identity|false",
                "gzip; q=1.0|true",
                "gzip;q=2|false",
                "gzip;q=0.0000|false",
                "gzip;q=|false",
                "gzip;x=y|true",
                ",,gzip,|true",
            })
    void whoPrefersGzip(String accept, boolean gzip) {
        Headers request = accept == null ? Headers.EMPTY : Headers.of("Accept-Encoding", accept);
        assertThat(Encodings.prefersGzip(request)).isEqualTo(gzip);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "200|Content-Type: text/html; charset=utf-8|true",
                "200|Content-Type: Application/JSON|true",
                "200|Content-Type: image/svg+xml|true",
                "200|Content-Type: image/png|false",
                "200|Content-Type: text/event-stream|false",
                "200|Content-Type: application/pdf|false",
                "200|X: y|false",
                "404|Content-Type: text/html|false",
                "206|Content-Type: text/html|false",
                "200|Content-Type: text/html // Content-Encoding: br|false",
                "200|Content-Type: text/html // Content-Encoding: identity|false",
                "200|Content-Type: text/html // Content-Range: bytes 0-1/2|false",
                "200|Content-Type: text/html // Cache-Control: max-age=1, no-transform|false",
            })
    void whatIsGzipped(int status, String fields, boolean compressible) {
        Headers headers = Given.headers(fields.replace("//", "|"));
        CacheRules on = CacheRules.DEFAULTS.withStoring(new CacheRules.Storing(1 << 20, 1, true));
        assertThat(Encodings.isCompressible(on, status, headers)).isEqualTo(compressible);
        assertThat(Encodings.isCompressible(CacheRules.DEFAULTS, status, headers))
                .isFalse();
    }

    private static Stored stored(String fields) {
        Response response = Given.response(200, "Cache-Control: max-age=60 | Content-Type: text/plain | " + fields);
        Stored.Head head =
                Given.stored(CacheRules.DEFAULTS, Given.get(), response).head();
        return Encodings.with(new Stored(head, TEXT), ContentCoding.gzip(TEXT));
    }

    @ParameterizedTest
    @CsvSource({"'\"a\"', 'W/\"a\"'", "'W/\"a\"', 'W/\"a\"'"})
    void theGzippedFormHasAWeakTagOfItsOwn(String tag, String weak) {
        Stored stored = stored("ETag: " + tag + " | Content-Digest: sha-256=:YQ==: | Digest: x");
        Stored gzipped = Encodings.form(Headers.of("Accept-Encoding", "gzip"), stored);
        assertThat(gzipped.headers().first(Fields.ETAG)).isEqualTo(weak);
        assertThat(gzipped.headers().first(Fields.CONTENT_ENCODING)).isEqualTo("gzip");
        assertThat(gzipped.headers().first(Fields.VARY)).isEqualTo("Accept-Encoding");
        assertThat(gzipped.headers().toString()).doesNotContain("igest");
        assertThat(stored.headers().first(Fields.ETAG)).isEqualTo(tag);
        assertThat(stored.headers().contains(Fields.CONTENT_ENCODING)).isFalse();
        assertThat(Encodings.form(Headers.EMPTY, stored)).isSameAs(stored);
        assertThat(stored.weight()).isGreaterThan(TEXT.length() + gzipped.body().length());
    }

    @Test
    void whatVariesAlreadySaysSoOnce() {
        Stored stored = stored("Vary: accept-encoding");
        assertThat(Encodings.form(Headers.of("Accept-Encoding", "gzip"), stored)
                        .headers()
                        .all(Fields.VARY))
                .containsExactly("accept-encoding");
        assertThat(Encodings.declaring(stored.headers(), Headers.EMPTY)).isEqualTo(Headers.EMPTY);
    }

    @Test
    void whatBecomesHardlySmallerIsKeptInOneForm() {
        Stored.Head head = stored("X: y").head();
        assertThat(Encodings.with(new Stored(head, TEXT), TEXT.slice(0, TEXT.length() - 10))
                        .gzipped())
                .isNull();
    }

    @Test
    void a304KeepsTheGzippedFormUnderTheNewFields() {
        Stored stored = stored("ETag: \"a\"");
        Response update = Given.response(304, "ETag: \"a\" | Cache-Control: max-age=99 | X-New: 1");
        Revalidation made = Revalidation.of(
                CacheRules.DEFAULTS,
                Revalidation.request(Given.get(), stored),
                stored,
                update,
                Given.after(70),
                Given.after(70));
        assertThat(made).isInstanceOfSatisfying(Revalidation.Freshened.class, freshened -> {
            Stored gzipped = Encodings.form(Headers.of("Accept-Encoding", "gzip"), freshened.stored());
            assertThat(gzipped.headers().toString()).contains("X-New: 1", "W/\"a\"", "max-age=99");
            assertThat(gzipped.body())
                    .isSameAs(Encodings.form(Headers.of("Accept-Encoding", "gzip"), stored)
                            .body());
            assertThat(gzipped.ttl(Given.after(70))).isEqualTo(99);
        });
    }

    @Test
    void a304ThatForbidsItEndsTheGzippedForm() {
        Stored stored = stored("ETag: \"a\"");
        Response update = Given.response(304, "ETag: \"a\" | Cache-Control: max-age=99, no-transform");
        Revalidation made = Revalidation.of(
                CacheRules.DEFAULTS,
                Revalidation.request(Given.get(), stored),
                stored,
                update,
                Given.after(70),
                Given.after(70));
        assertThat(made)
                .isInstanceOfSatisfying(
                        Revalidation.Freshened.class,
                        freshened -> assertThat(freshened.stored().gzipped()).isNull());
    }
}
