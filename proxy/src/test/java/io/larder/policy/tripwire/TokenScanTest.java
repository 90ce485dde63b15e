package io.larder.policy.tripwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenScanTest {
    private static @Nullable String find(String html, int cut) {
        byte[] octets = html.getBytes(StandardCharsets.UTF_8);
        int at = Math.min(cut, octets.length);
        TokenScan scan = new TokenScan();
        scan.take(new Bytes.Segment(octets, 0, at));
        scan.take(new Bytes.Segment(octets, at, octets.length - at));
        Find found = scan.found();
        return found == null ? null : found.name();
    }

    private static @Nullable String find(String html) {
        String whole = find(html, 0);
        for (int cut = 1; cut <= html.length(); cut++) {
            assertThat(find(html, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        return whole;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<form><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"k3y\"></form>", // Django
                "<INPUT VALUE='k3y' TYPE=hidden NAME='csrfmiddlewaretoken'/>",
                "<input name=csrfmiddlewaretoken value=k3y>",
                "<input\n\tname\n=\n\"csrfmiddlewaretoken\"\n\tvalue = k3y >",
                "<input/name=\"csrfmiddlewaretoken\"/value=\"k3y\"/>",
                "<input data-x=\"a > b\" name=csrf_token value=\"k3y\">", // Flask-WTF
                "<input data-x='a<b' name=csrf_token value=\"k3y\">",
                "<input disabled name=authenticity_token value=k3y>", // Rails
                "<meta name=\"csrf-param\" content=\"authenticity_token\"><meta name=\"csrf-token\" content=\"k3y\">",
                "<meta content=k3y name=csrf-token>",
                "<input name=\"_token\" value=\"k3y\">", // Laravel
                "<input id=f__token name=\"form[_token]\" value=\"k3y\">", // Symfony
                "<input name=\"__RequestVerificationToken\" type=hidden value=\"k3y\">", // ASP.NET
                "<meta name=\"_csrf_header\" content=\"X-CSRF-TOKEN\"><meta name=\"_csrf\" content=\"k3y\">", // Spring
                "<input name=_xsrf value=k3y>", // Tornado
                "<input name=YII_CSRF_TOKEN value=k3y>",
                "<meta name=\"fhi-session-key\" content=\"0b5e\">",
                "<!-- <input name=csrf_token value=k3y> -->",
                "<script>var f = \"<input name=\\\"csrf_token\\\" value=\\\"k3y\\\">\";</script>",
                "<input title=\"never closed <p> <input name=csrf_token value=k3y>",
                "<<input name=csrf_token value=k3y>",
                "<inp<input name=csrf_token value=k3y>",
            })
    void carriesAToken(String html) {
        assertThat(find(html)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<input name=\"q\" value=\"csrf_token\">",
                "<input name=\"csrf_token\">", // to be filled by a script
                "<input name=\"csrf_token\" value=\"\"><p>text</p>",
                "<input name=\"csrf_token\" value=\"  \"><p>text</p>",
                "<meta name=\"csrf-token\" content=\"\">",
                "<meta name=\"csrf-param\" content=\"authenticity_token\">", // how it is called, not what it is
                "<meta name=\"_csrf_header\" content=\"X-CSRF-TOKEN\">",
                "<meta name=\"_csrf_parameter\" content=\"_csrf\">",
                "<meta name=\"description\" content=\"how csrf_token works\">",
                "<p>name=csrf_token value=k3y</p>",
                "<inputs name=csrf_token value=k3y>",
                "<code>&lt;input name=csrf_token value=k3y&gt;</code>",
                "<input name=csrf_token><input value=k3y>",
                "<input type=\"name\" class=\"csrf_token\" value=k3y>",
                "<input name=\"_wpnonce\" value=\"a1b2c3\">", // the same for all who are not logged in
                "<select name=csrf_token value=k3y>",
            })
    void carriesNone(String html) {
        assertThat(find(html)).isNull();
    }

    @Test
    void theNameIsToldAndNeverTheValue() {
        assertThat(find("<input name=CSRFMiddlewareToken value=k3y>")).isEqualTo("csrfmiddlewaretoken");
    }

    /** Elements as people write them, with noise between them: held against what a simple pattern finds. */
    @Test
    void everySplitOfRandomPagesFindsWhatAPatternFinds() {
        Random random = new Random(1251);
        Pattern token = Pattern.compile("<(?:input|meta) name=\"csrf_token\" value=\"[a-z]+\">"
                + "|<(?:input|meta) value=\"[a-z]+\" name=\"csrf_token\">");
        String[] shards = {
            "<input name=\"csrf_token\" value=\"",
            "<meta value=\"",
            "\" name=\"csrf_token\">",
            "\">",
            "<input name=\"q\" value=\"",
            "<p>text</p>",
            "abc",
            "<br>"
        };
        int found = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder html = new StringBuilder();
            for (int n = random.nextInt(5); n >= 0; n--) {
                html.append(shards[random.nextInt(shards.length)]);
            }
            String page = html.toString();
            String whole = find(page);
            Matcher expected = token.matcher(page);
            if (expected.find()) {
                found++;
                assertThat(whole).as(page).isNotNull();
            }
        }
        assertThat(found).isGreaterThan(100);
    }

    @Test
    void anyOctetsAreAText() {
        Random random = new Random(40863);
        byte[] octets = new byte[64];
        String alphabet = "<input meta name=\"'csrf_token/>\\ \n\u0000\u00ff";
        for (int round = 0; round < 50_000; round++) {
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            TokenScan whole = new TokenScan();
            whole.take(new Bytes.Segment(octets, 0, octets.length));
            int cut = random.nextInt(octets.length);
            TokenScan split = new TokenScan();
            split.take(new Bytes.Segment(octets, 0, cut));
            split.take(new Bytes.Segment(octets, cut, octets.length - cut));
            assertThat(split.found()).isEqualTo(whole.found());
        }
    }
}
