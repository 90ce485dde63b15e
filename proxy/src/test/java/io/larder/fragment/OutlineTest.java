package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlineTest {
    private static final Variables VISITOR = Shown.variables(Map.of(
            "HTTP_COOKIE{name}", "<script>\"Eve's\" & co",
            "QUERY_STRING{next}", "//evil.example/?a=b&c\r\nX: y",
            "QUERY_STRING", "next=%2F&n=7",
            "REQUEST_URI", "//evil.example/?x=%2F",
            "HTTP_HOST", "shop.example:8080"));

    private static List<Piece> outline(String page) {
        Bytes octets = Bytes.of(page.getBytes(StandardCharsets.UTF_8));
        return Outline.of(EsiParser.parse(octets, EsiLimits.DEFAULTS), VISITOR, EsiLimits.DEFAULTS);
    }

    private static List<Piece> ssi(String page) {
        Bytes octets = Bytes.of(page.getBytes(StandardCharsets.UTF_8));
        return Outline.of(SsiParser.parse(octets, EsiLimits.DEFAULTS), VISITOR, EsiLimits.DEFAULTS);
    }

    private static Piece told(String text) {
        return new Piece.Octets(Bytes.utf8(text), true);
    }

    private static Piece octets(String text) {
        return new Piece.Octets(Bytes.utf8(text));
    }

    private static Piece.Hole hole(String src, String written) {
        return new Piece.Hole(src, Optional.empty(), false, Optional.empty(), Optional.empty(), written);
    }

    private static Piece.Hole hole(String src) {
        return new Piece.Hole(src, Optional.empty(), false, Optional.empty(), Optional.empty(), src);
    }

    @Test
    void whatIsDecidedIsOctetsAndTheRestAreHoles() {
        assertThat(outline("a<esi:choose><esi:when test=\"1\">b<esi:include src=\"/x\"/>c</esi:when></esi:choose>"
                        + "<esi:vars>$(HTTP_HOST)</esi:vars>d"))
                .containsExactly(
                        octets("a"), octets("b"), hole("/x"), octets("c"), told("shop.example:8080"), octets("d"));
        assertThat(
                        outline(
                                "<esi:try><esi:attempt><esi:include src=\"/x\"/></esi:attempt><esi:except>e</esi:except></esi:try>"))
                .containsExactly(new Piece.Attempt(List.of(hole("/x")), List.of(octets("e"))));
        assertThat(outline("")).isEmpty();
    }

    /** What a visitor sends never becomes markup, nor another place than the page names. */
    @Test
    void aVisitorWritesNoPage() {
        assertThat(outline("<esi:vars><b title='$(HTTP_COOKIE{name})'></esi:vars>"))
                .containsExactly(
                        octets("<b title='"), told("&lt;script&gt;&quot;Eve&#39;s&quot; &amp; co"), octets("'>"));
        assertThat(outline("<esi:vars>$(HTTP_COOKIE{name}|<esi:include src='/x'/>)</esi:vars>"))
                .as("what is not a default is no variable")
                .hasSize(3);
        assertThat(outline("<esi:include src=\"$(QUERY_STRING{next})\"/>"))
                .containsExactly(hole("%2F%2Fevil.example%2F%3Fa%3Db%26c%0D%0AX%3A%20y", "$(QUERY_STRING{next})"));
        assertThat(outline("<esi:include src=\"http://$(HTTP_HOST)/a?$(QUERY_STRING)\"/>"))
                .containsExactly(
                        hole("http://shop.example:8080/a?next=%2F&n=7", "http://$(HTTP_HOST)/a?$(QUERY_STRING)"));
    }

    @Test
    void whatAnIncludeShowsOtherwiseStandsBesideIt() {
        String block = "<!--# block name=\"s\" -->S<!--# endblock -->";
        assertThat(ssi(block + "<!--# include virtual=\"/x\" stub=\"s\" -->"))
                .containsExactly(new Piece.Stubbed(hole("/x"), List.of(octets("S"))));
        assertThat(ssi("<!--# config errmsg=\"E\" --><!--# include virtual=\"/x\" -->"))
                .containsExactly(new Piece.Attempt(List.of(hole("/x")), List.of(octets("E"))));
        assertThat(ssi("<!--# config errmsg=\"\" --><!--# include virtual=\"/x\" -->"))
                .containsExactly(
                        new Piece.Hole("/x", Optional.empty(), true, Optional.empty(), Optional.empty(), "/x"));
    }

    /** Whatever a visitor sends, an include of SSI's stays on the site. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            $arg_next,              %2F%2Fevil.example%2F%3Fa%3Db%26c%0D%0AX%3A%20y
            /$request_uri,          /evil.example/?x=%2F
            $request_uri,           /evil.example/?x=%2F
            ///x,                   /x
            /\\evil.example,       /evil.example
            http://evil.example/,   ./http://evil.example/
            $http_host,             ./shop.example:8080
            /a:b?c=$query_string,   /a:b?c=next=%2F&n=7
            """)
    void anIncludeStaysOnTheSite(String virtual, String src) {
        assertThat(ssi("<!--# config errmsg=\"\" --><!--# include virtual=\"" + virtual + "\" -->"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Piece.Hole.class, hole -> assertThat(hole.src()).isEqualTo(src));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '^', quoteCharacter = '"', textBlock = """
            MARKUP    ^ a<b>&'c'    ^ a&lt;b&gt;&amp;&#39;c&#39;
            REFERENCE ^ a/b?c=d&e#f ^ a%2Fb%3Fc%3Dd%26e%23f
            COMPONENT ^ a/b?c=d&e'f ^ a%2Fb%3Fc%3Dd%26e%27f
            REFERENCE ^ ä …         ^ %C3%A4%20%E2%80%A6
            NONE      ^ <'&>        ^ <'&>
            """)
    void valuesAreEscapedForTheirPlace(Escaping place, String value, String written) {
        Variable variable = Variable.parse("QUERY_STRING{x}").orElseThrow();
        assertThat(place.of(variable, value)).isEqualTo(written);
    }

    @Test
    void aPagesOwnFragmentsStandWhereItIncludesThem() {
        assertThat(outline(
                        "<esi:include src=\"/in\"/>-<esi:inline name=\"/in\">I<esi:include src=\"/x\"/></esi:inline>"))
                .containsExactly(octets("I"), hole("/x"), octets("-"));
    }

    /** As an include that nobody has answered yet: whoever fetches it sees the loop. */
    @Test
    void aFragmentOfItselfIsAHole() {
        assertThat(outline(
                        "<esi:inline name=\"/in\">I<esi:include src=\"/in\"/></esi:inline><esi:include src=\"/in\"/>"))
                .containsExactly(octets("I"), hole("/in"));
    }

    @Test
    void fragmentsOfFragmentsCannotMultiplyWithoutEnd() {
        String page = "abcdef"
                .chars()
                .mapToObj(c -> "<esi:inline name=\"/" + (char) c + "\">"
                        + ("<esi:include src=\"/" + (char) (c + 1) + "\"/>").repeat(40) + "</esi:inline>")
                .collect(Collectors.joining());
        assertThat(outline(page + "<esi:include src=\"/a\"/>")).hasSizeLessThan(40 * EsiLimits.DEFAULTS.includes());
    }
}
