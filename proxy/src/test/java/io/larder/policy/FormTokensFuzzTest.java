package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a page: the real token is found, nothing of it is left, and it takes no longer than it should. */
class FormTokensFuzzTest {
    private static final String STAND_IN = "StandIn0".repeat(8);
    private static final List<String> SHARDS = List.of(
            "<input ",
            "<input ",
            "<input/",
            "<INPUT\n",
            "<input>",
            "<",
            ">",
            "\"",
            "'",
            "=",
            " ",
            "/",
            "\\",
            "a",
            "name",
            " name=csrfmiddlewaretoken",
            "name='csrfmiddlewaretoken'",
            " value=@ ",
            " value='#'",
            "value=\\\"@\\\"",
            " name=",
            " value=",
            "name='",
            "value=\"",
            "csrfmiddlewaretoken",
            "csrfmiddlewaretoken",
            "@",
            "@",
            "#",
            "x=\"",
            "title='",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "\u0000",
            "\u00ff",
            "&quot;");

    private final Random random = new Random(4196);

    private String page(String token, String other) {
        StringBuilder page = new StringBuilder();
        for (int n = random.nextInt(30); n > 0; n--) {
            page.append(SHARDS.get(random.nextInt(SHARDS.size())));
        }
        return page.toString().replace("@", token).replace("#", other);
    }

    private Bytes cut(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        List<Bytes> segments = new ArrayList<>();
        for (int at = 0; at < octets.length; ) {
            int length = Math.min(octets.length - at, 1 + random.nextInt(80));
            segments.add(Bytes.of(octets, at, length));
            at += length;
        }
        return Bytes.concat(segments);
    }

    private static String form(String token) {
        return "<form><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"" + token + "\"></form>";
    }

    private static String text(Bytes octets) {
        return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void theRealTokenIsFoundInAnyCompany() {
        for (int round = 0; round < 20_000; round++) {
            String token = DjangoToken.masked(DjangoToken.freshSecret(random), random);
            String other = DjangoToken.freshSecret(random);
            String page = page(token, other) + form(token) + page(token, other);
            FormTokens tokens = FormTokens.find(cut(page));
            assertThat(tokens.values()).as(page).contains(token);
            Bytes masked = tokens.masked(STAND_IN);
            assertThat(text(masked)).doesNotContain(token).contains(STAND_IN);
            assertThat(FormTokens.find(masked).values()).isSubsetOf(STAND_IN, other);
            List<String> pieces = FormTokens.split(masked, STAND_IN).stream()
                    .map(FormTokensFuzzTest::text)
                    .toList();
            if (!tokens.values().contains(other)) {
                assertThat(String.join(token, pieces)).isEqualTo(page);
            }
        }
    }

    private static final Pattern TAG = Pattern.compile("(?i)<input(?=[\\s/])");
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "[ \\t\\n\\r\\f/]*+(?<name>[^ \\t\\n\\r\\f/>][^ \\t\\n\\r\\f/>=]*+)(?:[ \\t\\n\\r\\f]*+=[ \\t\\n\\r\\f]*+"
                    + "(?:\"(?<d>[^\"]*+)\"|'(?<s>[^']*+)'|(?<u>[^ \\t\\n\\r\\f>\"'][^ \\t\\n\\r\\f>]*+)(?=[ \\t\\n\\r\\f>])|(?=>))"
                    + "|(?![ \\t\\n\\r\\f]*+=))"); // a value that the page breaks off in ends it all

    /** What one tag says, as a browser reads it. */
    private static Set<String> tag(String page, int from) {
        Matcher attribute = ATTRIBUTE.matcher(page);
        attribute.region(from, page.length());
        boolean named = false;
        Set<String> values = new HashSet<>();
        while (attribute.lookingAt()) {
            String quoted = attribute.group("d") != null ? attribute.group("d") : attribute.group("s");
            String value = quoted != null ? quoted : attribute.group("u");
            String name = attribute.group("name");
            named |= name.equalsIgnoreCase("name") && "csrfmiddlewaretoken".equalsIgnoreCase(value);
            if (name.equalsIgnoreCase("value") && value != null && value.matches("[A-Za-z0-9]{32}|[A-Za-z0-9]{64}")) {
                values.add(value);
            }
            attribute.region(attribute.end(), page.length());
        }
        return named ? values : Set.of();
    }

    /** Each tag for itself, wherever it begins. */
    @Test
    void whateverABrowserMayReadIsFound() {
        int found = 0;
        for (int round = 0; round < 100_000; round++) {
            String page = page("t".repeat(64), "u".repeat(32));
            Set<String> expected = new HashSet<>();
            Matcher tag = TAG.matcher(page);
            int tags = 0;
            while (tag.find()) {
                tags++;
                expected.addAll(tag(page, tag.end()));
                expected.addAll(tag(page.substring(tag.end()).replace("\\", ""), 0));
            }
            Set<String> values = FormTokens.find(cut(page)).values();
            assertThat(values).as(page).containsAll(expected);
            if (tags == 1 && !page.contains("/")) { // a slash behind a value counts as the end of the tag
                assertThat(values).as(page).isEqualTo(expected);
            }
            found += expected.size();
        }
        assertThat(found).as("the pages say something").isGreaterThan(2_000);
    }

    @Test
    void anyOctetsAreAPage() {
        for (int round = 0; round < 2_000; round++) {
            byte[] octets = new byte[random.nextInt(2_000)];
            random.nextBytes(octets);
            Bytes page = Bytes.of(octets);
            assertThat(FormTokens.find(page, "k".repeat(32)).masked(STAND_IN)).isEqualTo(page);
            assertThat(FormTokens.split(page, STAND_IN)).containsExactly(page);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<input ",
                "<input x=\"",
                "<input x='<input y=\"",
                "<input/<input\\<input x=\\'",
                "<input value=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk name=\"",
                "<",
                "k",
                "StandIn0",
                "<input name=csrfmiddlewaretoken value=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk>",
            })
    void repeatedForEverItTakesNoLonger(String shard) {
        Bytes piece = Bytes.of(shard.repeat(4_000_000 / shard.length() / 100).getBytes(StandardCharsets.US_ASCII));
        Bytes page = Bytes.concat(Collections.nCopies(100, piece));
        assertTimeout(Duration.ofSeconds(20), () -> {
            FormTokens tokens = FormTokens.find(page, "k".repeat(32));
            assertThat(FormTokens.split(tokens.masked(STAND_IN), STAND_IN)).isNotEmpty();
        });
    }
}
