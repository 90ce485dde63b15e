package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EsiParserTest {
    private static final Map<String, String> VARIABLES = Map.of(
            "HTTP_HOST", "shop.example", "HTTP_COOKIE{group}", "gold", "QUERY_STRING{n}", "7", "QUERY_STRING", "n=7");
    private static final Map<String, String> FRAGMENTS =
            Map.of("/a", "[A]", "/b", "[B]", "/a?x=1&y=2", "[XY]", "/7", "[7]");

    /** What a page becomes. */
    record Row(String source, String page, String shown) {}

    private static Row row(String source, String page, String shown) {
        return new Row(source, page, shown);
    }

    /** A page that stands as it was written. */
    private static Row asWritten(String source, String page) {
        return new Row(source, page, page);
    }

    private static List<Row> understood() {
        return List.of(
                asWritten("no markup of ours", "<p class=\"x\">a < b <!-- c --> <e si:include/></p>"),
                row("§3.1 include", "<p><esi:include src=\"/a\"/></p>", "<p>[A]</p>"),
                row("§3.1 alt", "<esi:include src=\"/none\" alt=\"/b\"/>", "[B]"),
                row("§3.1 onerror", "a<esi:include src=\"/none\" onerror=\"continue\"/>b", "ab"),
                row("§3.1 without either the page fails", "a<esi:include src=\"/none\"/>b", "FAILED"),
                row(
                        "not closed, as HTML would write it",
                        "<esi:include src=\"/a\"> and <esi:include src='/b'></esi:include>!",
                        "[A] and [B]!"),
                row("without quotes", "<esi:include src=/a />,<esi:include src=/b/>", "[A],[B]"),
                row("white space everywhere", "<esi:include\n\tsrc = \"/a\"\r\n/>", "[A]"),
                row("a reference to a character", "<esi:include src=\"/a?x=1&amp;y=&#50;\"/>", "[XY]"),
                row("a greater-than sign in quotes", "<esi:include src=\"/>\" alt=\"/a\"/>", "[A]"),
                row("§3.1 a variable in src", "<esi:include src=\"/$(QUERY_STRING{n})\"/>", "[7]"),
                row(
                        "§3.2 inline",
                        "<esi:inline name=\"/in\" fetchable=\"yes\">I<esi:include src=\"/a\"/></esi:inline>-<esi:include src=\"/in\"/>",
                        "-I[A]"),
                row(
                        "§3.3 the first that holds",
                        choose("$(HTTP_COOKIE{group})=='silver'", "$(HTTP_COOKIE{group})=='gold'"),
                        "2"),
                row("§3.3 none holds", choose("'a'=='b'", "!'a'"), "0"),
                row(
                        "§3.3 what stands between is not shown",
                        "<esi:choose> x <esi:when test=\"1\">1</esi:when> y </esi:choose>",
                        "1"),
                row(
                        "§3.3 none holds, and there is no otherwise",
                        "a<esi:choose><esi:when test=\"0\">1</esi:when></esi:choose>b",
                        "ab"),
                row("§3.4 the attempt", attempt("/a"), "a[A]"),
                row("§3.4 or what is for its failure", attempt("/none"), "e[B]"),
                row("§3.5 comment", "a<esi:comment text=\"no <b>business</b> of yours\"/>b", "ab"),
                row("§3.6 remove", "a<esi:remove><a href=\"/\">b</a></esi:remove>c", "ac"),
                row("§3.7 a comment for others", "a<!--esi <b><esi:include src=\"/a\"/></b>-->c", "a <b>[A]</b>c"),
                row("§3.7 with dashes at its end", "<!--esi x---->y-->", " x--y-->"),
                row(
                        "§4 vars",
                        "<esi:vars>Hello $(HTTP_HOST), $(HTTP_COOKIE{none}|'you')</esi:vars> $(HTTP_HOST)",
                        "Hello shop.example, you $(HTTP_HOST)"),
                row(
                        "§4 a default without quotes, and within",
                        "<esi:vars>$(NONE|x)$(NONE{a|y})$(NONE{a}|z)$(NONE)</esi:vars>",
                        "xyz"),
                row(
                        "§4 vars around a choice",
                        "<esi:vars><esi:choose><esi:when test=\"1\">$(QUERY_STRING)</esi:when></esi:choose></esi:vars>",
                        "n=7"),
                row(
                        "§4 what is no variable",
                        "<esi:vars>$() $(a b) $(X{) $5 $(HTTP_HOST</esi:vars>",
                        "$() $(a b) $(X{) $5 $(HTTP_HOST"),
                row(
                        "in one another",
                        "<esi:try><esi:attempt><esi:choose><esi:when test=\"1\"><esi:include src=\"/a\"/></esi:when></esi:choose></esi:attempt><esi:except>e</esi:except></esi:try>",
                        "[A]"),
                row("octets that are no text", "\u00ff\u00fe<esi:include src=\"/a\"/>\u0080", "\u00ff\u00fe[A]\u0080"));
    }

    private static String choose(String first, String second) {
        return "<esi:choose><esi:when test=\"" + first + "\">1</esi:when>\n<esi:when test=\"" + second
                + "\">2</esi:when> <esi:otherwise>0</esi:otherwise></esi:choose>";
    }

    private static String attempt(String src) {
        return "<esi:try> <esi:attempt>a<esi:include src=\"" + src
                + "\"/></esi:attempt> <esi:except>e<esi:include src=\"/b\"/></esi:except> </esi:try>";
    }

    /** Stands as it was written, and somebody is told. */
    private static List<Row> broken() {
        return List.of(
                asWritten("an include of nothing", "a<esi:include/>b"),
                asWritten("an include of nothing, in quotes", "<esi:include src=\" \"/>"),
                asWritten("no POST", "<esi:include src=\"/a\" method=\"POST\"/>"),
                asWritten("an attribute twice", "<esi:include src=\"/a\" src=\"/b\"/>"),
                asWritten("a quote that is not closed", "<esi:include src=\"/a/>"),
                asWritten("a tag that is not closed", "x<esi:include src=\"/a\""),
                asWritten("attributes that stick together", "<esi:include src=\"/a\"alt=\"/b\"/>"),
                asWritten("an attribute without a value", "<esi:include src/>"),
                asWritten("capital letters", "<ESI:include src=\"/a\"/>"),
                asWritten("no element of ours", "<esi:frame src=\"/a\"/><esi:frame>x</esi:frame>"),
                asWritten("what must not be empty", "<esi:remove/>x"),
                asWritten("nothing is open", "a</esi:remove>b"),
                asWritten("remove that is not closed", "a<esi:remove>b"),
                row("the same around an include", "a<esi:remove>b<esi:include src=\"/a\"/>", "a<esi:remove>b[A]"),
                asWritten("a comment that is not closed", "a<!--esi b"),
                asWritten("try without an attempt", "<esi:try><esi:except>e</esi:except></esi:try>"),
                asWritten(
                        "try with two", "<esi:try><esi:attempt>1</esi:attempt><esi:attempt>2</esi:attempt></esi:try>"),
                asWritten("an attempt of nothing", "<esi:attempt>1</esi:attempt>"),
                asWritten("an attempt that is not closed", "<esi:try><esi:attempt>1</esi:try>2"),
                asWritten("in the wrong order", "<esi:try><esi:attempt>1</esi:try></esi:attempt>"),
                asWritten("a choice of nothing", "<esi:choose> </esi:choose>"),
                asWritten("when in no choice", "<esi:when test=\"1\">1</esi:when>"),
                asWritten("when without a test", "<esi:choose><esi:when>1</esi:when></esi:choose>"),
                asWritten(
                        "a test that is none",
                        "<esi:choose><esi:when test=\"==\">1</esi:when><esi:otherwise>0</esi:otherwise></esi:choose>"),
                asWritten("inline without a name", "<esi:inline>x</esi:inline>"),
                asWritten("no duration", "<esi:include src=\"/a\" ttl=\"soon\"/>"),
                asWritten("no milliseconds", "<esi:include src=\"/a\" maxwait=\"1s\"/>"));
    }

    private static Stream<Arguments> rows() {
        return Stream.concat(understood().stream(), broken().stream()).map(row -> Arguments.of(row.source, row));
    }

    private static Bytes bytes(String page) {
        return Bytes.of(page.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Template parse(String page) {
        return EsiParser.parse(bytes(page), EsiLimits.DEFAULTS);
    }

    private static String shown(String page) {
        return Shown.of(parse(page), VARIABLES, FRAGMENTS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aPageBecomes(String source, Row row) {
        assertThat(shown(row.page)).isEqualTo(row.shown);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void howItComesMakesNoDifference(String source, Row row) {
        Template whole = parse(row.page);
        byte[] octets = bytes(row.page).toArray();
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                assertThat(inPieces(octets, first, second))
                        .as("%d and %d", first, second)
                        .isEqualTo(whole);
            }
        }
        assertThat(inPieces(octets, IntStream.range(0, octets.length).toArray()))
                .isEqualTo(whole);
    }

    private static Template inPieces(byte[] octets, int... cuts) {
        EsiParser parser = new EsiParser(EsiLimits.DEFAULTS);
        int from = 0;
        for (int cut : cuts) {
            parser.feed(Bytes.of(octets, from, cut - from));
            from = cut;
        }
        parser.feed(Bytes.of(octets, from, octets.length - from));
        return parser.finish();
    }

    @Test
    void whatIsBrokenIsToldOf() {
        assertThat(broken()).allSatisfy(row -> {
            boolean unfinished = row.source.contains("a quote that") || row.source.contains("a tag that");
            boolean unlike = row.source.equals("capital letters");
            if (!unfinished && !unlike) {
                assertThat(parse(row.page).problems()).as(row.source).isNotEmpty();
            }
        });
        assertThat(understood())
                .allSatisfy(row ->
                        assertThat(parse(row.page).problems()).as(row.source).isEmpty());
        assertThat(parse("123<esi:include/>").problems())
                .containsExactly(new Template.Problem(3, "<esi:include> has no src"));
    }

    @Test
    void anIncludeSaysHowLong() {
        Node node = parse("<esi:include src=\"/a\" maxwait=\"1500\" ttl=\"10m\"/>")
                .nodes()
                .get(0);
        assertThat(node).isInstanceOfSatisfying(Node.Include.class, include -> {
            assertThat(include.deadline()).contains(Duration.ofMillis(1500));
            assertThat(include.ttl()).contains(Duration.ofMinutes(10));
        });
    }

    @Test
    void literalsAreSlicesOfWhatCame() {
        byte[] page = "before<esi:include src=\"/a\"/>behind".getBytes(StandardCharsets.ISO_8859_1);
        Template template = EsiParser.parse(Bytes.of(page), EsiLimits.DEFAULTS);
        assertThat(template.nodes())
                .first()
                .isInstanceOfSatisfying(
                        Node.Literal.class,
                        literal -> assertThat(literal.octets().segments())
                                .allSatisfy(
                                        segment -> assertThat(segment.array()).isSameAs(page)));
    }

    @Test
    void whatIsTooMuchStandsAsItWasWritten() {
        EsiLimits limits = new EsiLimits(64, 3, 2, 4);
        String includes = "<esi:include src=\"/a\"/>".repeat(4);
        assertThat(Shown.of(EsiParser.parse(bytes(includes), limits), VARIABLES, FRAGMENTS))
                .isEqualTo("[A][A]" + "<esi:include src=\"/a\"/>".repeat(2));
        String deep = "<esi:vars>".repeat(10) + "x" + "</esi:vars>".repeat(10);
        assertThat(Shown.of(EsiParser.parse(bytes(deep), limits), VARIABLES, FRAGMENTS))
                .isEqualTo("<esi:vars>".repeat(7) + "x" + "</esi:vars>".repeat(7));
        String longTag = "<esi:include src=\"/" + "a".repeat(100) + "\"/>";
        assertThat(Shown.of(EsiParser.parse(bytes(longTag), limits), VARIABLES, FRAGMENTS))
                .isEqualTo(longTag);
        assertThat(EsiParser.parse(bytes("<esi:x/>".repeat(100)), limits).problems())
                .hasSize(4);
    }

    /** Whatever stands in a page, it comes through; the same in pieces; and what has no markup of ours comes unchanged. */
    @Test
    void anyMixtureIsTaken() {
        List<String> bits = Stream.concat(understood().stream(), broken().stream())
                .map(Row::page)
                .flatMap(page -> Stream.of(page.split("(?<=>)|(?=<)|(?==)|(?=\")")))
                .distinct()
                .collect(Collectors.toList());
        Random random = new Random(6);
        for (int round = 0; round < 20_000; round++) {
            String page = random.ints(1 + random.nextInt(24), 0, bits.size())
                    .mapToObj(bits::get)
                    .collect(Collectors.joining());
            Template whole = parse(page);
            byte[] octets = bytes(page).toArray();
            int[] cuts = random.ints(3, 0, octets.length + 1).sorted().toArray();
            assertThat(inPieces(octets, cuts)).as(page).isEqualTo(whole);
            if (!page.contains("esi")) {
                assertThat(whole.nodes()).as(page).isEqualTo(List.of(new Node.Literal(bytes(page))));
            }
        }
    }

    /** The worst pages are as long as they are, and no longer: each octet is looked at a few times at most. */
    @Test
    void timeGrowsWithLengthAlone() {
        List<String> worst = List.of(
                "<",
                "<esi:",
                "<!--esi",
                "-",
                "<esi:vars>",
                "<esi:include src=\"",
                "$(",
                "</esi:vars>",
                "<esi:try><esi:attempt>");
        for (String bit : worst) {
            List<String> pages = new ArrayList<>(List.of(bit.repeat(200_000)));
            pages.add("<esi:vars>" + bit.repeat(200_000) + "</esi:vars>");
            pages.add("<!--esi" + bit.repeat(200_000) + "-->");
            for (String page : pages) {
                assertThat(parse(page).nodes()).isNotEmpty();
            }
        }
    }
}
