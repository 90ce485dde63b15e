package io.larder.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Lack;
import io.larder.http.Target;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a page's references lead. */
class FragmentTargetTest {
    private static final Target PAGE = Target.of("https", "shop.example", "/a/b?q=1");
    private static final List<String> HOSTS = List.of("cdn.example", "*.parts.example");

    private static FragmentTarget of(String reference) {
        return FragmentTarget.of(PAGE, reference, HOSTS);
    }

    @ParameterizedTest
    @CsvSource({
        "/x, https://shop.example/x, false",
        "c, https://shop.example/a/c, false",
        "/x/../y, https://shop.example/y, false",
        "/../../y, https://shop.example/y, false",
        "./c?d=e, https://shop.example/a/c?d=e, false",
        "http://shop.example/x, https://shop.example/x, false",
        "https://SHOP.example:443/x, https://shop.example/x, false",
        "https://cdn.example/x, https://cdn.example/x, true",
        "http://a.b.parts.example/x, https://a.b.parts.example/x, true",
        "/x y?z=<a>, https://shop.example/x%20y?z=%3Ca%3E, false",
        "/€, https://shop.example/%E2%82%AC, false",
        "/%41, https://shop.example/%41, false",
        "/%, https://shop.example/%, false"
    })
    void leadsTo(String reference, String uri, boolean foreign) {
        assertThat(of(reference)).isInstanceOfSatisfying(FragmentTarget.Allowed.class, allowed -> {
            assertThat(allowed.target().uri()).isEqualTo(uri);
            assertThat(allowed.foreign()).isEqualTo(foreign);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example.evil.example/, HOST",
        "http://parts.example/x, HOST",
        "http://evilparts.example/x, HOST",
        "https://shop.example:8443/, HOST",
        "http://cdn.example:8080/, HOST",
        "//evil.example/, HOST",
        "///evil.example/, REFERENCE",
        "http:evil.example, REFERENCE",
        "http://, REFERENCE",
        "http://u:p@shop.example/, REFERENCE",
        "http://shop.example@evil.example/, REFERENCE",
        "http://evil.example#@shop.example/, HOST",
        "http://evil.example\\@shop.example/, REFERENCE",
        "ftp://shop.example/, REFERENCE",
        "data:text/html;x, REFERENCE",
        "/x%0D%0Ay, REFERENCE",
        "/x%0ay, REFERENCE",
        "/x%7fy, REFERENCE",
        "'  ', REFERENCE"
    })
    void leadsNowhere(String reference, Lack why) {
        assertThat(of(reference))
                .isInstanceOfSatisfying(
                        FragmentTarget.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
    }

    /** Whatever the reference: another host only from the list, and nothing that a request line cannot hold. */
    @Test
    void noReferenceLeavesTheSite() {
        String[] bits = {
            "/",
            "\\",
            "//",
            ":",
            "@",
            "#",
            "?",
            "..",
            ".",
            "%2f",
            "%00",
            "http:",
            "https://",
            "evil.example",
            "shop.example",
            "cdn.example",
            " ",
            "\t",
            "\r\n",
            "é",
            "a",
            ":80",
            "[::1]",
            "%",
            "\u0000"
        };
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder reference = new StringBuilder();
            for (int n = random.nextInt(7); n >= 0; n--) {
                reference.append(bits[random.nextInt(bits.length)]);
            }
            if (of(reference.toString()) instanceof FragmentTarget.Allowed(Target target, boolean foreign)) {
                String host = target.authority().toString();
                assertThat(host).as(reference.toString()).isIn("shop.example", "cdn.example");
                assertThat(foreign).isEqualTo(!host.equals("shop.example"));
                assertThat(target.pathAndQuery()).as(reference.toString()).matches("/[!-~]*");
            }
        }
    }
}
