package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTokensTest {
    private static final String TOKEN = "7Gk2pQ9xWv4LzT1bNfR8sYd3HcJm6KtAeUo5iXqPwVr0ZyBgDhSlMaCnEjFuIOQ1";
    private static final String SHORT = "Short9aB8cD7eF6gH5iJ4kL3mN2oP1qR";
    private static final String STAND_IN = "StandIn0".repeat(8);

    private static Bytes octets(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Cut in two, each inside a larger array. */
    private static Bytes cut(String text, int at) {
        byte[] octets = ("<<" + text + ">>").getBytes(StandardCharsets.ISO_8859_1);
        return Bytes.concat(List.of(Bytes.of(octets, 2, at), Bytes.of(octets.clone(), 2 + at, text.length() - at)));
    }

    private static String text(Bytes octets) {
        return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
    }

    private static String filled(String html) {
        return html.replace("T64", TOKEN).replace("T32", SHORT);
    }

    /** The tokens of a page however it is cut. */
    private static FormTokens find(String page) {
        FormTokens whole = FormTokens.find(octets(page));
        for (int at = 0; at <= page.length(); at++) {
            assertThat(FormTokens.find(cut(page, at)).values())
                    .as("cut at %d", at)
                    .isEqualTo(whole.values());
        }
        return whole;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<form><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"T64\"></form>", // Django
                "<input type='hidden' name='csrfmiddlewaretoken' value='T64' />", // Django before 1.11
                "<input name=csrfmiddlewaretoken value=T64>",
                "<input value=T64 name=csrfmiddlewaretoken>",
                "<input value=T64 name=csrfmiddlewaretoken/>",
                "<input name=csrfmiddlewaretoken value=T64/>",
                "<INPUT VALUE='T64' TYPE=hidden NAME='csrfmiddlewaretoken'/>",
                "<iNpUt\n\tnAmE\n=\n\"CSRFMiddlewareToken\"\n\tvAlUe = T64 >",
                "<input/name=\"csrfmiddlewaretoken\"/value=\"T64\"/>",
                "<input name=\"csrfmiddlewaretoken\"value=\"T64\">",
                "<input\fname=csrfmiddlewaretoken\rvalue=T64\f>",
                "<input hidden disabled name=csrfmiddlewaretoken id value=T64 autofocus>",
                "<input data-x=\"a > b\" name=csrfmiddlewaretoken title='c > d' value=\"T64\">",
                "<input title='\"' name=csrfmiddlewaretoken alt=\"'\" value=T64>",
                "<input title=a\"b name=csrfmiddlewaretoken value=T64>",
                "<input x=a/b=' name=csrfmiddlewaretoken value=T64>",
                "<input = name=csrfmiddlewaretoken value=T64>",
                "<input =\" name=csrfmiddlewaretoken value=T64>",
                "<input ' name=csrfmiddlewaretoken value=T64>",
                "<input name=x name=csrfmiddlewaretoken value=1 value=T64>", // both are believed
                "<input name=csrfmiddlewaretoken value= \"T64\">",
                "<input name=csrfmiddlewaretoken value=\"T64\"", // the page breaks off
                "<input name=csrfmiddlewaretoken value='T64'<p>",
                "<!-- <input name=csrfmiddlewaretoken value='T64'> -->",
                "<textarea><input name=csrfmiddlewaretoken value='T64'></textarea>",
                "<script>var a = \"<input name='csrfmiddlewaretoken' value='T64'>\"</script>",
                "<script>var a = \"<input name=\\\"csrfmiddlewaretoken\\\" value=\\\"T64\\\">\"</script>",
                "{\"form\": \"<input name=\\\"csrfmiddlewaretoken\\\" value=\\\"T64\\\" \\/>\"}",
                "<input x=\\\"a name=csrfmiddlewaretoken value=T64>", // a backslash means nothing in markup
                // a visitor's text around or in the tag
                "<p title='<input name=\"'><input name=csrfmiddlewaretoken value='T64'>",
                "<p title=\"<input x='\"><input name=csrfmiddlewaretoken value=T64>",
                "<p title='<input value=\"'><input name=csrfmiddlewaretoken value='T64'>",
                "<p title='<input <input <input'><input name=csrfmiddlewaretoken value='T64'>",
                "<input title='<input ' name=csrfmiddlewaretoken value='T64'>",
                "<input title='<input x=\"' name=csrfmiddlewaretoken value='T64'>",
                "<input title='><input>' name=csrfmiddlewaretoken value='T64'>",
                "<input value='T64' title='<input>' name=csrfmiddlewaretoken>",
                "<input value='T64' title='<input name=\"' name=csrfmiddlewaretoken>",
                "<!-- <input x=\" --><input name=csrfmiddlewaretoken value='T64'>",
                "<!-- <input name='csrfmiddlewaretoken --><input name=csrfmiddlewaretoken value=T64>",
                "<<<input name=csrfmiddlewaretoken value=T64>",
                "<inpu<input name=csrfmiddlewaretoken value=T64>",
            })
    void finds(String html) {
        assertThat(find(filled(html)).values()).containsExactly(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<p>T64</p>",
                "<input>",
                "<inputs name=csrfmiddlewaretoken value=T64>",
                "<input-x name=csrfmiddlewaretoken value=T64>",
                "< input name=csrfmiddlewaretoken value=T64>",
                "<input name=csrfmiddlewaretoken>",
                "<input name=csrfmiddlewaretoken value>",
                "<input name=csrfmiddlewaretoken value=>T64",
                "<input name=csrfmiddlewaretoken value=''>",
                "<input name=csrfmiddlewaretoken value='T64x'>",
                "<input name=csrfmiddlewaretoken value='T32T32x'>",
                "<input name=csrfmiddlewaretoken value='T-64'>",
                "<input name=csrfmiddlewaretoken><input value=T64>",
                "<input name=csrfmiddlewaretoken2 value=T64>",
                "<input name=csrf value=T64>",
                "<input xname=csrfmiddlewaretoken value=T64>",
                "<input name=csrfmiddlewaretoken data-value=T64>",
                "<input name=q title='name=csrfmiddlewaretoken' value=T64>",
                "<input name=q value=T64><input name=csrfmiddlewaretoken value=odd>",
            })
    void findsNothing(String html) {
        FormTokens none = find(filled(html));
        assertThat(none.values()).isEmpty();
        assertThat(text(none.masked(STAND_IN))).isEqualTo(filled(html));
    }

    @Test
    void everyOccurrenceIsMasked() {
        String page = filled(
                "<meta content=T64><input name=csrfmiddlewaretoken value='T64'><body hx-headers='{\"X\": \"T64\"}'>"
                        + "<script>t='T64'; u=\"T32\"; v='xT64T64y'</script><input value=T32 name=csrfmiddlewaretoken>T64");
        String masked = page.replace(TOKEN, STAND_IN).replace(SHORT, STAND_IN);
        for (int at = 0; at <= page.length(); at++) {
            FormTokens tokens = FormTokens.find(cut(page, at));
            assertThat(tokens.values()).containsExactlyInAnyOrder(TOKEN, SHORT);
            assertThat(text(tokens.masked(STAND_IN))).isEqualTo(masked);
        }
    }

    @Test
    void nothingIsLeftOfTokensThatOverlap() {
        String first = SHORT + "0123456789abcdefghijABCDEFGHIJxy";
        String second = "0123456789abcdefghijABCDEFGHIJxy" + SHORT;
        String form = "<input name=csrfmiddlewaretoken value=%s>";
        String page =
                form.formatted(first) + form.formatted(second) + form.formatted(SHORT) + "(" + first + SHORT + ")";
        assertThat(text(find(page).masked(STAND_IN)))
                .isEqualTo(form.formatted(STAND_IN).repeat(3) + "(" + STAND_IN + ")");
        String same = "a".repeat(32);
        assertThat(text(find(form.formatted(same) + "a".repeat(100)).masked(STAND_IN)))
                .isEqualTo(form.formatted(STAND_IN) + STAND_IN);
    }

    @Test
    void tooManyAreRefused() {
        List<String> inputs = IntStream.range(0, FormTokens.MOST + 1)
                .mapToObj(i -> "<input name=csrfmiddlewaretoken value=" + TOKEN.substring(2) + (10 + i) + ">")
                .toList();
        FormTokens most = FormTokens.find(octets(String.join("", inputs.subList(1, inputs.size()))));
        assertThat(most.values()).hasSize(FormTokens.MOST);
        assertThat(most.areTooMany()).isFalse();
        FormTokens more = FormTokens.find(octets(String.join("", inputs)));
        assertThat(more.areTooMany()).isTrue();
        assertThat(more.values()).isEmpty();
        assertThatThrownBy(() -> more.masked(STAND_IN)).isInstanceOf(IllegalStateException.class);
        String all = inputs.stream()
                .map(input -> input.substring(7, input.length() - 1))
                .collect(Collectors.joining(" "));
        assertThat(FormTokens.find(octets("<input " + all + ">")).areTooMany())
                .as("in one tag")
                .isTrue();
    }

    @Test
    void theSecretIsFoundUnderAnyMask() {
        Random random = new Random(41);
        String secret = DjangoToken.freshSecret(random);
        String form = DjangoToken.masked(secret, random);
        String script = DjangoToken.masked(secret, random);
        String other = DjangoToken.masked(DjangoToken.freshSecret(random), random);
        String page = "<input name=csrfmiddlewaretoken value=" + form + "><a data-t='&quot;" + script + "&quot;'>x"
                + script + "y" + secret + " " + other + "," + script.substring(1);
        String masked = page.replace(form, STAND_IN).replace(script, STAND_IN).replace(secret, STAND_IN);
        for (String cookie : List.of(secret, DjangoToken.masked(secret, random))) {
            for (int at = 0; at <= page.length(); at++) {
                FormTokens tokens = FormTokens.find(cut(page, at), cookie);
                assertThat(tokens.values()).containsExactlyInAnyOrder(form, script, secret);
                assertThat(text(tokens.masked(STAND_IN))).isEqualTo(masked);
            }
        }
        assertThatThrownBy(() -> FormTokens.find(octets(page), "none")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void splitsWhereTheStandInIs() {
        for (String page : List.of("", "a", "ab", STAND_IN.substring(1), STAND_IN.substring(0, 63))) {
            assertThat(FormTokens.split(octets(page), STAND_IN)).containsExactly(octets(page));
        }
        String page = STAND_IN + "one" + STAND_IN + STAND_IN + "two" + STAND_IN.substring(8) + "!" + STAND_IN;
        for (int at = 0; at <= page.length(); at++) {
            assertThat(FormTokens.split(cut(page, at), STAND_IN))
                    .extracting(FormTokensTest::text)
                    .containsExactly("", "one", "", "two" + STAND_IN.substring(8) + "!", "");
        }
    }

    @Test
    void piecesShareThePagesSegments() {
        byte[] page = ("before" + STAND_IN + "behind").getBytes(StandardCharsets.US_ASCII);
        assertThat(FormTokens.split(Bytes.of(page), STAND_IN))
                .flatExtracting(Bytes::segments)
                .hasSize(2)
                .allSatisfy(segment -> assertThat(segment.array()).isSameAs(page));
    }

    @Test
    void octetByOctet() {
        String page = filled("<input name=csrfmiddlewaretoken value='T64'>\u00ff\u0000T64");
        List<Bytes> each = new ArrayList<>();
        page.chars().forEach(c -> each.add(Bytes.of(new byte[] {(byte) c})));
        Bytes masked = FormTokens.find(Bytes.concat(each)).masked(STAND_IN);
        assertThat(text(masked)).isEqualTo(page.replace(TOKEN, STAND_IN));
        assertThat(FormTokens.split(masked, STAND_IN)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "", "0123456789abcdefghijABCDEFGHIJzZ"})
    void aStandInIsLongEnough(String standIn) {
        FormTokens none = FormTokens.find(Bytes.EMPTY);
        assertThatThrownBy(() -> none.masked(standIn)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FormTokens.split(Bytes.EMPTY, standIn)).isInstanceOf(IllegalArgumentException.class);
    }
}
