package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.policy.CacheRules;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages made of parts that go out gzipped: the same octets after inflation, and nothing compressed twice. */
class GzippedPagesTest {
    private static final CacheRules COMPRESSING =
            CacheRules.DEFAULTS.withStoring(new CacheRules.Storing(8 << 20, 1, true));
    private static final String[] BROWSER = {"Accept-Encoding", "gzip, br"};

    private final PageHouse house = new PageHouse(PageHouse.PLAN, COMPRESSING, Report.Detail.ON);

    private static String text(int length) {
        Random random = new Random(length);
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append("word").append(random.nextInt(1000)).append(' ');
        }
        return text.substring(0, length);
    }

    /** What is stored compressed is read aside. */
    private Collector again() {
        Collector client = house.get("/page", BROWSER);
        house.settle();
        return client;
    }

    private static String inflated(Collector client) {
        Bytes text = ContentCoding.GZIP.decode(client.octets(), 64 << 20);
        return text == null ? "(no gzip)" : new String(text.toArray(), StandardCharsets.UTF_8);
    }

    @Test
    void theSameOctetsAfterInflation() {
        String beginning = text(5_000);
        String a = text(2_000);
        String b = text(100);
        Collector streamed = house.get("/page", BROWSER);
        house.page("/page", beginning + "<esi:include src=\"/a\"/>|<esi:include src=\"/b\"/>");
        house.fragment("/a", a);
        house.fragment("/b", b);
        String whole = beginning + a + "|" + b;
        assertThat(streamed.field("Content-Encoding")).isEqualTo("gzip");
        assertThat(inflated(streamed)).isEqualTo(whole);
        for (int i = 0; i < 3; i++) {
            Collector hit = again();
            assertThat(inflated(hit)).isEqualTo(whole);
            assertThat(hit.length()).isEqualTo(hit.octets().length()).isLessThan(whole.length() / 2);
            assertThat(hit.field("Vary")).isEqualTo("Accept-Encoding");
        }
        Collector plain = house.get("/page");
        assertThat(plain.text()).isEqualTo(whole);
        assertThat(plain.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(plain.field("Content-Encoding")).isEmpty();
    }

    @Test
    void longPiecesAreCompressedAsideForThoseWhoComeLater() {
        String beginning = text(300_000);
        house.get("/page", BROWSER);
        house.page("/page", beginning + "<esi:include src=\"/a\"/>");
        house.fragment("/a", "A");
        Collector first = again();
        Collector second = again();
        assertThat(inflated(first)).isEqualTo(beginning + "A");
        assertThat(inflated(second)).isEqualTo(beginning + "A");
        assertThat(second.octets().length()).isLessThan(beginning.length() / 2);
    }

    @Test
    void aPageThatTheOriginCompressedIsReadAndCompressed() {
        Bytes coded = ContentCoding.gzip(Bytes.utf8("<p>" + text(3_000) + "<esi:include src=\"/a\"/>"));
        Collector client = house.get("/page", BROWSER);
        house.asked("/page")
                .respond(
                        200,
                        coded,
                        "Content-Type",
                        "text/html",
                        "Content-Encoding",
                        "gzip",
                        "Surrogate-Control",
                        "content=\"ESI/1.0\"",
                        "Cache-Control",
                        "max-age=60",
                        "Vary",
                        "Accept-Encoding");
        house.settle();
        house.fragment("/a", "A");
        assertThat(inflated(client)).isEqualTo("<p>" + text(3_000) + "A");
        assertThat(inflated(again())).isEqualTo("<p>" + text(3_000) + "A");
    }

    @Test
    void aFragmentThatComesCompressedIsDecoded() {
        Collector client = house.get("/page");
        house.page("/page", "(<esi:include src=\"/a\"/>)");
        house.asked("/a")
                .respond(
                        200,
                        ContentCoding.gzip(Bytes.utf8("A")),
                        "Content-Type",
                        "text/html",
                        "Content-Encoding",
                        "gzip");
        house.settle();
        assertThat(client.text()).isEqualTo("(A)");
    }

    @Test
    void aFragmentInAnUnknownCodingIsNone() {
        Collector client = house.get("/page");
        house.page("/page", "(<esi:include src=\"/a\" onerror=\"continue\"/>)");
        house.asked("/a").respond(200, "?", "Content-Type", "text/html", "Content-Encoding", "br");
        house.settle();
        assertThat(client.text()).isEqualTo("()");
    }

    @Test
    void aBombIsNoFragment() {
        Collector client = house.get("/page");
        house.page("/page", "(<esi:include src=\"/a\" onerror=\"continue\"/>)");
        house.asked("/a")
                .respond(
                        200,
                        ContentCoding.gzip(Bytes.of(new byte[100 << 20])),
                        "Content-Type",
                        "text/html",
                        "Content-Encoding",
                        "gzip");
        house.settle();
        assertThat(client.text()).isEqualTo("()");
    }

    @Test
    void whoForbidsTransformingGetsThePageAsItIs() {
        Collector client = house.get("/page", BROWSER);
        house.page("/page", text(3_000) + "<esi:include src=\"/a\"/>", "Cache-Control", "no-transform");
        house.fragment("/a", "A");
        assertThat(client.text()).isEqualTo(text(3_000) + "A");
    }
}
