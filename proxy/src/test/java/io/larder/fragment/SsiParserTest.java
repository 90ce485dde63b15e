package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
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

class SsiParserTest {
    private static final String ERROR = "[an error occurred while processing the directive]";

    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("HTTP_HOST", "shop.example"),
            Map.entry("HTTP_COOKIE{group}", "gold"),
            Map.entry("HTTP_USER_AGENT", "<b>&'\""),
            Map.entry("QUERY_STRING", "n=7&m=8"),
            Map.entry("QUERY_STRING{n}", "7"),
            Map.entry("QUERY_STRING{next}", "//evil.example/?a b"),
            Map.entry("REQUEST_URI", "//evil.example/x?y=%2F"),
            Map.entry("DOCUMENT_URI", "/a/b"),
            Map.entry("REMOTE_ADDR", "192.0.2.1"),
            Map.entry("DATE_GMT{" + TimeFormat.DEFAULT + "}", "now"),
            Map.entry("DATE_GMT{%Y}", "2026"));
    private static final Map<String, String> FRAGMENTS = Map.ofEntries(
            Map.entry("/a", "[A]"),
            Map.entry("b", "[B]"),
            Map.entry("/empty", ""),
            Map.entry("/7", "[7]"),
            Map.entry("/?n=7&m=8", "[Q]"),
            Map.entry("/?n=%2F%2Fevil.example%2F%3Fa%20b", "[N]"),
            Map.entry("/evil.example/x?y=%2F", "[U]"),
            Map.entry("/a/b", "[D]"),
            Map.entry("./http://x/", "[H]"));

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
                asWritten("no markup of ours", "<p class=\"x\">a < b <!-- c --> <!-# d --> <!--# "),
                row("include", "<p><!--# include virtual=\"/a\" --></p>", "<p>[A]</p>"),
                row("include, as Apache writes it", "<!--#include virtual='/a'-->", "[A]"),
                row("white space everywhere", "<!--#\r\n\tinclude  virtual =\n'/a'\t-->", "[A]"),
                row("include file", "<!--# include file=\"b\" -->", "[B]"),
                row("include and wait", "<!--# include virtual=\"/a\" wait=\"yes\" -->", "[A]"),
                row("include a variable", "<!--# include virtual=\"/$arg_n\" -->", "[7]"),
                row("include the query", "<!--# include virtual=\"/?$args\" -->", "[Q]"),
                row("include a value as one", "<!--# include virtual=\"/?n=${arg_next}\" -->", "[N]"),
                row("include no other host", "<!--# include virtual=\"$request_uri\" -->", "[U]"),
                row("include no other host behind a slash", "<!--# include virtual=\"/$request_uri\" -->", "[U]"),
                row("include no other scheme", "<!--# include virtual=\"http://x/\" -->", "[H]"),
                row("include the path", "<!--# include virtual=\"$uri\" -->", "[D]"),
                row("include what the page has set", set("x", "/a") + "<!--# include virtual=\"$x\" -->", "[A]"),
                row(
                        "include what is made of both",
                        set("x", "/?n=$arg_next") + "<!--# include virtual=\"$x\" -->",
                        "[N]"),
                row("include that fails", "a<!--# include virtual=\"/none\" -->b", "a" + ERROR + "b"),
                row("include of nothing", "a<!--# include virtual=\"$none\" -->b", "a" + ERROR + "b"),
                row("include that is empty", "a<!--# include virtual=\"/empty\" -->b", "ab"),
                row(
                        "config errmsg",
                        "<!--# config errmsg=\"<i>no</i>\" --><!--# include virtual=\"/none\" -->",
                        "<i>no</i>"),
                row("config errmsg empty", "<!--# config errmsg=\"\" -->a<!--# include virtual=\"/none\" -->", "a"),
                row("block shows nothing", "a<!--# block name=\"x\" -->X<!--# endblock -->b", "ab"),
                row("stub where it fails", block("X") + "<!--# include virtual=\"/none\" stub=\"x\" -->", "X"),
                row("stub where it is empty", block("X") + "<!--# include virtual=\"/empty\" stub=\"x\" -->", "X"),
                row("stub not needed", block("X") + "<!--# include virtual=\"/a\" stub=\"x\" -->", "[A]"),
                row("stub of nothing", block("") + "a<!--# include virtual=\"$none\" stub=\"x\" -->b", "ab"),
                row("the first stub", block("1") + block("2") + "<!--# include virtual=\"/-\" stub=\"x\" -->", "1"),
                row(
                        "stub with commands",
                        block("<!--# include virtual=\"/a\" -->" + echo("host"))
                                + "<!--# include virtual=\"/-\" stub=\"x\" -->",
                        "[A]shop.example"),
                row(
                        "what a stub sets counts in it",
                        set("v", "1") + block(set("v", "2") + echo("v")) + "<!--# include virtual=\"/-\" stub=\"x\" -->"
                                + echo("v"),
                        "21"),
                row(
                        "a block in a branch not taken is empty",
                        "<!--# if expr=\"$none\" -->" + block("X")
                                + "<!--# endif -->a<!--# include virtual=\"/-\" stub=\"x\" -->b",
                        "ab"),
                row("echo", echo("HTTP_HOST") + echo("remote_addr"), "shop.example192.0.2.1"),
                row("echo is escaped", echo("http_user_agent"), "&lt;b&gt;&amp;&#39;&quot;"),
                row(
                        "echo encoding url",
                        "<!--# echo var=\"arg_next\" encoding=\"url\" -->",
                        "%2F%2Fevil.example%2F%3Fa%20b"),
                row(
                        "echo encoding none is not for visitors",
                        "<!--# echo var=\"http_user_agent\" encoding=\"none\" -->",
                        "&lt;b&gt;&amp;&#39;&quot;"),
                row(
                        "echo encoding none of the page's own",
                        set("x", "<i>") + "<!--# echo var=\"x\" encoding=\"none\" -->" + echo("x"),
                        "<i>&lt;i&gt;"),
                row(
                        "echo encoding none of both",
                        set("x", "<i>$http_user_agent</i>") + set("y", "$x") + "<!--# echo encoding='none' var='y' -->",
                        "<i>&lt;b&gt;&amp;&#39;&quot;</i>"),
                row("echo nothing", echo("none"), "(none)"),
                row("echo default", "<!--# echo var=\"none\" default=\"<i>\" -->", "<i>"),
                row("echo default empty", "a<!--# echo var=\"none\" default=\"\" -->b", "ab"),
                row("echo what is empty", set("x", "") + "a" + echo("x") + "b", "ab"),
                row("set from others", set("x", "${arg_n}0") + set("x", "$x, $cookie_group") + echo("X"), "70, gold"),
                row(
                        "set what looks like one",
                        set("x", "$ $1 ${x ${} \\$args \\\" \\a") + echo("x"),
                        "$ $1 ${x ${} $args &quot; \\a"),
                row("set over the request's", set("arg_n", "8") + echo("arg_n"), "8"),
                row("set what looks like an end", set("x", "-->") + echo("x"), "--&gt;"),
                row("date", echo("date_gmt") + "<!--# config timefmt=\"%Y\" -->" + echo("DATE_GMT"), "now2026"),
                row("if", choose("$arg_n = 7", "$arg_n"), "1"),
                row("elif", choose("$arg_n = 8", "$arg_n"), "2"),
                row("else", choose("$arg_n != 7", "$none"), "3"),
                row("if without else", "a<!--# if expr=\"$none\" -->1<!--# endif -->b", "ab"),
                row(
                        "if within if",
                        "<!--# if expr=\"$arg_n\" -->a" + choose("$none", "$none") + "b<!--# else -->"
                                + choose("$n", "$n") + "<!--# endif -->c",
                        "a3bc"),
                row("if sets", "<!--# if expr=\"$arg_n\" -->" + set("x", "1") + "<!--# endif -->" + echo("x"), "1"),
                row(
                        "what a branch that is not taken sets",
                        "<!--# if expr=\"$none\" -->" + set("x", "1") + "<!--# endif -->" + echo("x"),
                        "(none)"),
                row(
                        "octets that are no text",
                        "\u00ff\u00fe<!--# include virtual=\"/a\" -->\u0080",
                        "\u00ff\u00fe[A]\u0080"));
    }

    private static String set(String variable, String value) {
        return "<!--# set var=\"" + variable + "\" value=\"" + value + "\" -->";
    }

    private static String echo(String variable) {
        return "<!--# echo var=\"" + variable + "\" -->";
    }

    private static String block(String inside) {
        return "<!--# block name=\"x\" -->" + inside + "<!--# endblock -->";
    }

    private static String choose(String first, String second) {
        return "<!--# if expr=\"" + first + "\" -->1<!--# elif expr=\"" + second
                + "\" -->2<!--# else -->3<!--# endif -->";
    }

    /** Stands as it was written, and somebody is told. */
    private static List<Row> broken() {
        return List.of(
                asWritten("no command", "a<!--# -->b<!--#-->"),
                asWritten("no command of ours", "<!--# printenv --><!--# exec cmd=\"rm\" -->"),
                asWritten("a parameter that is not known", "<!--# include virtual=\"/a\" onerror=\"x\" -->"),
                asWritten("a parameter twice", "<!--# include virtual=\"/a\" virtual=\"/b\" -->"),
                asWritten("a value without quotes", "<!--# include virtual=/a -->"),
                asWritten("a value that is not there", "<!--# include virtual -->"),
                asWritten("parameters that stick together", "<!--# include virtual=\"/a\"wait=\"yes\" -->"),
                asWritten("a quote that is not closed", "<!--# include virtual=\"/a -->"),
                asWritten("a command that does not end", "x<!--# include virtual=\"/a\""),
                asWritten("too many dashes", "<!--# echo var=\"host\" --->"),
                asWritten("an include of nothing", "<!--# include --><!--# include virtual=\"\" -->"),
                asWritten("an include of two", "<!--# include virtual=\"/a\" file=\"b\" -->"),
                asWritten("an include that sets", "<!--# include virtual=\"/a\" set=\"x\" -->"),
                asWritten("no such stub", "<!--# include virtual=\"/a\" stub=\"x\" -->"),
                row(
                        "a stub that comes later",
                        "<!--# include virtual=\"/a\" stub=\"x\" -->" + block("X"),
                        "<!--# include virtual=\"/a\" stub=\"x\" -->"),
                asWritten("echo of nothing", "<!--# echo -->"),
                asWritten("echo of no name", "<!--# echo var=\"a-b\" --><!--# echo var=\"1\" -->"),
                asWritten("no encoding", "<!--# echo var=\"host\" encoding=\"base64\" -->"),
                asWritten("set without a value", "<!--# set var=\"x\" -->"),
                asWritten("set without a name", "<!--# set value=\"x\" -->"),
                asWritten("block without a name", "<!--# block -->X<!--# endblock -->"),
                asWritten("block that is not ended", "a<!--# block name=\"x\" -->X"),
                asWritten("nothing is open", "a<!--# endif -->b<!--# endblock -->c<!--# else -->"),
                asWritten("if that is not ended", "<!--# if expr=\"$none\" -->1<!--# else -->2"),
                row(
                        "the same around an include",
                        "<!--# if expr=\"$none\" --><!--# include virtual=\"/a\" -->",
                        "<!--# if expr=\"$none\" -->[A]"),
                row(
                        "in the wrong order",
                        "<!--# if expr=\"1\" -->1<!--# block name=\"x\" -->X<!--# endif -->",
                        "1<!--# block name=\"x\" -->X"),
                asWritten("no expression", choose("= 1", "$a")),
                asWritten("no second expression", choose("$arg_n", "$a = /(/")),
                asWritten("no operator", choose("$arg_n < 7", "$a")),
                asWritten("two else", "<!--# if expr=\"1\" -->1<!--# else -->2<!--# else -->3<!--# endif -->"),
                asWritten(
                        "elif behind else",
                        "<!--# if expr=\"1\" -->1<!--# else -->2<!--# elif expr=\"1\" -->3<!--# endif -->"),
                row(
                        "the end of a broken one ends no other",
                        "<!--# if expr=\"1\" -->a<!--# if -->b<!--# endif -->c<!--# endif -->d",
                        "a<!--# if -->b<!--# endif -->cd"));
    }

    private static Stream<Arguments> rows() {
        return Stream.concat(understood().stream(), broken().stream()).map(row -> Arguments.of(row.source, row));
    }

    private static Bytes bytes(String page) {
        return Bytes.of(page.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Template parse(String page) {
        return SsiParser.parse(bytes(page), EsiLimits.DEFAULTS);
    }

    private static String shown(Template template) {
        return Shown.of(Outline.of(template, Shown.variables(VARIABLES), EsiLimits.DEFAULTS), FRAGMENTS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aPageBecomes(String source, Row row) {
        assertThat(shown(parse(row.page))).isEqualTo(row.shown);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void howItComesMakesNoDifference(String source, Row row) {
        Template whole = parse(row.page);
        byte[] octets = bytes(row.page).toArray();
        for (int cut = 0; cut <= octets.length; cut++) {
            assertThat(inPieces(octets, cut)).as("%d", cut).isEqualTo(whole);
        }
        assertThat(inPieces(octets, IntStream.range(0, octets.length).toArray()))
                .isEqualTo(whole);
    }

    private static Template inPieces(byte[] octets, int... cuts) {
        SsiParser parser = new SsiParser(EsiLimits.DEFAULTS);
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
        assertThat(broken())
                .allSatisfy(row ->
                        assertThat(parse(row.page).problems()).as(row.source).isNotEmpty());
        assertThat(understood().subList(1, understood().size()))
                .allSatisfy(row ->
                        assertThat(parse(row.page).problems()).as(row.source).isEmpty());
        assertThat(parse("123<!--# exec -->").problems())
                .containsExactly(new Template.Problem(3, "there is no command exec"));
    }

    @Test
    void literalsAreSlicesOfWhatCame() {
        byte[] page = "before<!--# echo var=\"host\" -->behind".getBytes(StandardCharsets.ISO_8859_1);
        Template template = SsiParser.parse(Bytes.of(page), EsiLimits.DEFAULTS);
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
        String include = "<!--# include virtual=\"/a\" -->";
        assertThat(shown(SsiParser.parse(bytes(include.repeat(4)), limits))).isEqualTo("[A][A]" + include.repeat(2));
        String open = "<!--# if expr=\"1\" -->";
        String close = "<!--# endif -->";
        assertThat(shown(SsiParser.parse(bytes(open.repeat(10) + "x" + close.repeat(10) + "y"), limits)))
                .isEqualTo(open.repeat(7) + "x" + close.repeat(7) + "y");
        String longCommand = "<!--# include virtual=\"/" + "a".repeat(100) + "\" -->";
        Template tooLong = SsiParser.parse(bytes(longCommand), limits);
        assertThat(shown(tooLong)).isEqualTo(longCommand);
        assertThat(tooLong.problems()).hasSize(1);
        assertThat(SsiParser.parse(bytes("<!--# x -->".repeat(100)), limits).problems())
                .hasSize(4);
    }

    @Test
    void aValueDoesNotDoubleWithoutEnd() {
        assertThat(shown(parse(set("x", "ab") + set("x", "$x$x").repeat(100) + echo("x"))))
                .hasSize(Assignments.LONGEST);
        assertThat(parse(set("x", "1").repeat(2_000)).nodes()).hasSizeLessThan(1_100);
        assertThat(parse(set("x", "$x ".repeat(100))).problems()).hasSize(1);
        assertThat(parse("<!--# config timefmt=\"" + "%c".repeat(129) + "\" -->")
                        .problems())
                .hasSize(1);
        assertThat(parse(choose("$x = " + "$x ".repeat(100), "1")).problems()).isNotEmpty();
    }

    @Test
    void stubsOfStubsCannotMultiplyWithoutEnd() {
        StringBuilder page = new StringBuilder("<!--# block name=\"0\" -->x<!--# endblock -->");
        for (int i = 1; i <= 6; i++) {
            page.append("<!--# block name=\"").append(i).append("\" -->");
            page.append(("<!--# include virtual=\"/-\" stub=\"" + (i - 1) + "\" -->").repeat(40));
            page.append("<!--# endblock -->");
        }
        page.append("<!--# include virtual=\"/-\" stub=\"6\" -->");
        assertThat(shown(parse(page.toString()))).hasSizeLessThan(40 * EsiLimits.DEFAULTS.includes());
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
            String page = mixture(random, bits);
            Template whole = parse(page);
            byte[] octets = bytes(page).toArray();
            int[] cuts = random.ints(3, 0, octets.length + 1).sorted().toArray();
            assertThat(inPieces(octets, cuts)).as(page).isEqualTo(whole);
            assertThat(shown(whole)).as(page).isNotNull();
            if (!page.contains("<!--#")) {
                assertThat(whole.nodes()).as(page).isEqualTo(List.of(new Node.Literal(bytes(page))));
            }
        }
    }

    private static String mixture(Random random, List<String> bits) {
        return random.ints(1 + random.nextInt(24), 0, bits.size())
                .mapToObj(bits::get)
                .collect(Collectors.joining());
    }

    /** Whole commands that choose nothing and define nothing, in any order, between texts: each text is there, in its place. */
    @Test
    void textOutsideOfCommandsIsPreserved() {
        List<String> commands = Stream.concat(understood().stream(), broken().stream())
                .flatMap(row -> Stream.of(row.page.split("(?=<!--#)|(?<=-->)")))
                .filter(bit -> bit.startsWith("<!--#") && bit.endsWith("-->"))
                .filter(bit -> Command.parse(bit)
                        .filter(known -> List.of("echo", "set", "config", "include", "printenv", "endif", "endblock")
                                .contains(known.name()))
                        .isPresent())
                .toList();
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder page = new StringBuilder();
            StringBuilder texts = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                String text = "\u0001" + i + "\u0002";
                texts.append(text);
                page.append(text).append(commands.get(random.nextInt(commands.size())));
            }
            assertThat(shown(parse(page.toString()))
                            .replaceAll("[^\u0001\u0002]*+(\u0001[0-9]\u0002)[^\u0001]*+", "$1"))
                    .as(page.toString())
                    .isEqualTo(texts.toString());
        }
    }

    /** The worst pages are as long as they are, and no longer: each octet is looked at a few times at most. */
    @Test
    void timeGrowsWithLengthAlone() {
        List<String> worst = List.of(
                "<",
                "<!--",
                "<!--#",
                "-",
                "<!--# if expr=\"$a\" -->",
                "<!--# else -->",
                "<!--# elif expr=\"$a\" -->",
                "<!--# endif -->",
                "<!--# block name=\"x\" -->",
                "<!--# endblock -->",
                "<!--# echo var=\"",
                "\\",
                "<!--# if expr=\"$a\" --><!--# block name=\"x\" -->");
        for (String bit : worst) {
            String many = bit.repeat(30_000);
            for (String page : List.of(many, "<!--# if expr=\"$a\" -->" + many, "<!--# set value='" + many + "' -->")) {
                assertThat(parse(page).nodes()).isNotEmpty();
            }
        }
    }
}
