package io.larder.http;

import static io.larder.testing.Speech.holds;
import static io.larder.testing.Speech.sendable;

import io.larder.testing.Speech;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The readers of field values beside the grammar itself, written down once more as patterns, on well and badly made input. */
class GrammarFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final Pattern DIRECTIVE =
            Pattern.compile("(" + TOKEN + ")(?:=(" + TOKEN + "|" + QUOTED + "))?", Pattern.DOTALL);
    private static final Pattern DIRECTIVES = Pattern.compile(
            "[ \t,]*(?:" + DIRECTIVE + "(?:[ \t]*+,[ \t]*+(?:" + DIRECTIVE + ")?)*+)?[ \t,]*", Pattern.DOTALL);
    private static final List<String> NAMES = List.of(
            "max-age",
            "s-maxage",
            "no-store",
            "no-cache",
            "private",
            "public",
            "must-revalidate",
            "proxy-revalidate",
            "must-understand",
            "immutable",
            "stale-if-error",
            "foo");
    private static final List<String> OF_FIELDS = List.of("no-cache", "private");
    private static final List<String> RESTRICTIONS = List.of("no-store", "no-cache", "private", "must-revalidate");

    private static String directive(Speech speech) {
        String name = speech.anyCase(speech.one(NAMES));
        String number = Long.toString(speech.number());
        return switch (speech.below(5)) {
            case 0 -> name;
            case 1 -> name + "=" + number;
            case 2 -> name + "=" + speech.quoted(number);
            case 3 -> name + "=" + speech.quoted("a, " + speech.one(NAMES));
            default -> name + speech.one("", "=60", "=0", "=\"60\"", "='60'", "=-1", "=1.5", "=1e3", "=٣", "= 60");
        };
    }

    private static String directives(Speech speech) {
        List<String> members = new ArrayList<>();
        for (int n = speech.below(5); n >= 0; n--) {
            members.add(directive(speech));
        }
        return speech.list(members);
    }

    @Test
    void cacheControlSaysWhatItsGrammarSays() {
        Speech.tryOut(150, 1, speech -> {
            String value = speech.once(2) ? directives(speech) : speech.bent(directives(speech));
            CacheControl control = CacheControl.parse(value);
            if (DIRECTIVES.matcher(value).matches()) {
                Map<String, String> expected = new LinkedHashMap<>();
                Matcher found = DIRECTIVE.matcher(value);
                while (found.find()) {
                    String argument = found.group(2);
                    expected.putIfAbsent(
                            found.group(1).toLowerCase(Locale.ROOT), argument == null ? "" : bare(argument));
                }
                for (String name : NAMES) {
                    String argument = expected.get(name);
                    holds(control.has(name) == (argument != null), () -> name + " in " + value);
                    long seconds = argument == null ? -1 : argument.matches("[0-9]+") ? capped(argument) : 0;
                    holds(
                            OF_FIELDS.contains(name) || control.seconds(name) == seconds,
                            () -> name + " in " + value + " is " + seconds);
                }
            }
        });
    }

    private static String bare(String argument) {
        return argument.startsWith("\"") ? argument.substring(1, argument.length() - 1) : argument;
    }

    private static long capped(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 10 ? 1L << 31 : Math.min(1L << 31, Long.parseLong(significant));
    }

    @Test
    void noRestrictionIsLostInMalformedNeighbours() {
        Speech.tryOut(100, 2, speech -> {
            String restriction = speech.one(RESTRICTIONS);
            String spelt = speech.anyCase(restriction) + speech.one("", "", "=", "=\"\"", " =x", "= x");
            String before = speech.bent(directives(speech));
            String after = speech.bent(directives(speech));
            boolean open = before.chars().filter(c -> c == '"').count() % 2 == 1 || before.indexOf('\\') >= 0;
            String value = before + "," + speech.ows() + spelt + speech.ows() + "," + after;
            // inside a well-formed quoted string it is no directive
            boolean closes = open && after.indexOf('"') >= 0;
            holds(closes || CacheControl.parse(value).has(restriction), () -> restriction + " in " + value);
        });
    }

    @Test
    void listsKeepTheirMembers() {
        Speech.tryOut(60, 3, speech -> {
            String one = speech.quoted(sendable(speech.bent("a, \"b\"")));
            String other = sendable(speech.bent("W/\"1\", foo;q=\"a,b\""));
            List<String> expected = new ArrayList<>(FieldList.members(one));
            holds(expected.size() == 1, () -> one);
            expected.addAll(FieldList.members(other));
            holds(FieldList.members(one + "," + other).equals(expected), () -> one + "," + other);
            Headers lines = Headers.of("Foo", one, "Foo", other);
            holds(FieldList.of(lines, FieldName.of("foo")).equals(expected), () -> one + " and " + other);
        });
    }

    @Test
    void tokenListsNameTheirTokens() {
        Pattern close = Pattern.compile("(?i)(?:^|.*,)[ \t]*close[ \t]*(?:[;,].*|$)", Pattern.DOTALL);
        Speech.tryOut(50, 4, speech -> {
            String value = sendable(speech.bent(
                    speech.list(List.of(speech.one("close", "keep-alive", "x-close"), "Close;q=1", "upgrade"))));
            boolean listed = TokenList.contains(Headers.of("Connection", value), Fields.CONNECTION, "close");
            holds(listed == close.matcher(value).matches(), () -> value);
        });
    }

    @Test
    void entityTagsMatchByTheirOpaqueParts() {
        Pattern tag = Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");
        Pattern tags = Pattern.compile("[ \t,]*" + tag + "(?:[ \t]*+,[ \t]*+(?:" + tag + ")?)*+[ \t]*");
        Speech.tryOut(80, 5, speech -> {
            List<String> all = new ArrayList<>();
            for (int n = speech.below(4); n >= 0; n--) {
                all.add(speech.one("", "W/") + "\"" + speech.one("a", "b", "a,b", "", "\\", "W/") + "\"");
            }
            String list = speech.bent(speech.list(all));
            String wanted = speech.one("", "W/") + "\"" + speech.one("a", "b", "c", "a,b", "\\") + "\"";
            boolean matched = EntityTag.listMatches(list, wanted);
            if (tags.matcher(list).matches()) {
                boolean expected = tag.matcher(list)
                        .results()
                        .anyMatch(
                                found -> found.group().replaceFirst("^W/", "").equals(wanted.replaceFirst("^W/", "")));
                holds(matched == expected, () -> wanted + " in " + list);
            } else {
                holds(!matched || list.contains(wanted.replaceFirst("^W/", "")), () -> wanted + " in " + list);
            }
        });
    }

    private static String date(Speech speech) {
        String fixdate = HttpDate.format(Instant.ofEpochSecond(Math.floorMod(speech.number(), 250_000_000_000L)));
        String time = fixdate.substring(17, 25);
        String month = fixdate.substring(8, 11);
        return switch (speech.below(3)) {
            case 0 -> fixdate;
            case 1 ->
                fixdate.substring(0, 3) + " " + month + " "
                        + fixdate.substring(5, 7).replaceFirst("^0", " ") + " " + time + fixdate.substring(11, 16);
            default ->
                speech.one("Monday", "Wednesday", "sunday") + ", " + fixdate.substring(5, 7) + "-" + month + "-"
                        + fixdate.substring(14, 16) + " " + time + " GMT";
        };
    }

    @Test
    void datesAreOfOneOfThreeForms() {
        String day = "(?:mon|tue|wed|thu|fri|sat|sun)";
        String month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
        String time = "\\d\\d:\\d\\d:\\d\\d";
        Pattern forms = Pattern.compile(String.join(
                "|",
                "(?i)" + day + ", \\d\\d " + month + " \\d{4} " + time + " gmt",
                "(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)day, \\d\\d-" + month + "-\\d\\d " + time + " gmt",
                "(?i)" + day + " " + month + " [\\d ]\\d " + time + " \\d{4}"));
        Speech.tryOut(100, 6, speech -> {
            String whole = date(speech);
            holds(HttpDate.parse(whole, NOW) != null, () -> whole);
            String bent = speech.bent(whole);
            Instant read = HttpDate.parse(bent, NOW);
            holds(read == null || forms.matcher(bent).matches(), () -> bent);
            holds(read == null || read.equals(HttpDate.parse(HttpDate.format(read), NOW)), () -> bent);
        });
    }

    @Test
    void rangesAreTheOctetsThatTheirMembersName() {
        Speech.tryOut(100, 7, speech -> {
            List<String> members = new ArrayList<>();
            for (int n = speech.below(4); n >= 0; n--) {
                members.add(speech.one("", "" + speech.below(70)) + "-"
                        + speech.one("", "" + speech.below(70), "" + speech.number()));
            }
            String value = speech.bent("bytes=" + speech.list(members));
            Optional<RangeSet> read = RangeSet.parse(value);
            int length = speech.below(64);
            BitSet expected = octets(value, length);
            holds(read.isPresent() == (expected != null), () -> value);
            if (read.isPresent() && expected != null) {
                BitSet sent = new BitSet();
                for (ByteRange range : read.get().in(length)) {
                    holds(range.last() < length, () -> value + " of " + length);
                    holds(sent.get((int) range.first(), (int) range.last() + 1).isEmpty(), () -> "twice: " + value);
                    sent.set((int) range.first(), (int) range.last() + 1);
                }
                holds(sent.equals(expected), () -> value + " of " + length + ": " + sent);
                holds(length == 0 || read.get().isSatisfiable(length) != sent.isEmpty(), () -> value + " of " + length);
            }
        });
    }

    /** Null where the grammar is broken (RFC 9110 §14.1.1). */
    private static @Nullable BitSet octets(String value, int length) {
        Matcher unit = Pattern.compile("(?i)bytes=(.*)", Pattern.DOTALL).matcher(value);
        if (!unit.matches()) {
            return null;
        }
        List<String> members = Arrays.stream(unit.group(1).split(",", -1))
                .map(member -> member.replaceAll("^[ \t]+|[ \t]+$", ""))
                .filter(member -> !member.isEmpty())
                .toList();
        if (members.isEmpty() || members.size() > RangeSet.MOST) {
            return null;
        }
        BitSet octets = new BitSet();
        for (String member : members) {
            Matcher spec = Pattern.compile("([0-9]*)-([0-9]*)").matcher(member);
            if (!spec.matches() || member.equals("-")) {
                return null;
            }
            BigInteger first = spec.group(1).isEmpty() ? null : new BigInteger(spec.group(1));
            BigInteger last = spec.group(2).isEmpty() ? null : new BigInteger(spec.group(2));
            if (first != null && last != null && first.compareTo(last) > 0) {
                return null;
            }
            for (int i = 0; i < length; i++) {
                octets.set(i, octets.get(i) || contains(first, last, i, length));
            }
        }
        return octets;
    }

    private static boolean contains(@Nullable BigInteger first, @Nullable BigInteger last, int octet, int length) {
        if (first == null) {
            return last != null && BigInteger.valueOf(length - octet).compareTo(last) <= 0;
        }
        BigInteger at = BigInteger.valueOf(octet);
        return first.compareTo(at) <= 0 && (last == null || at.compareTo(last) <= 0);
    }

    @Test
    void contentRangesLieWithinTheWhole() {
        Pattern form = Pattern.compile("(?i)bytes ([0-9]+)-([0-9]+)/([0-9]+)");
        Speech.tryOut(50, 8, speech -> {
            String value = speech.bent("bytes " + speech.below(30) + "-" + speech.below(60) + "/"
                    + speech.one("60", "*", "" + speech.number()));
            Optional<ContentRange> read = ContentRange.parse(value);
            read.ifPresent(range -> {
                holds(form.matcher(value).matches(), () -> value);
                holds(range.range().last() < range.complete(), () -> value);
                holds(ContentRange.parse(range.toString()).equals(read), () -> value);
            });
        });
    }

    private static Item item(Speech speech, int depth) {
        return switch (speech.below(depth == 0 ? 9 : 8)) {
            case 0 -> new Item.Whole(speech.number() % 1_000_000_000_000_000L);
            case 1 -> new Item.Decimal(speech.number() % 1_000_000_000_000_000L);
            case 2 -> new Item.Text(speech.one("", "a", "\"", "\\", "a, b;c=d", "~ ~"));
            case 3 -> new Item.Token(speech.one("a", "*", "A/b:c", "foo-1", "x%26"));
            case 4 -> new Item.Octets(Bytes.utf8(speech.one("", "a", "ab", "abc", "é")));
            case 5 -> new Item.Switch(speech.once(2));
            case 6 -> new Item.Moment(Instant.ofEpochSecond(speech.number() % 1_000_000_000_000_000L));
            case 7 -> new Item.Display(speech.one("", "é", "\"%", "日本", "a b"));
            default -> new Item.Inner(List.of(item(speech, 1), item(speech, 1)).subList(0, speech.below(3)));
        };
    }

    private static String written(Item item, Speech speech) {
        String bare = switch (item) {
            case Item.Whole(long value) -> Long.toString(value);
            case Item.Decimal(long value) ->
                (value < 0 ? "-" : "") + Math.abs(value) / 1000 + String.format(".%03d", Math.abs(value) % 1000);
            case Item.Text(String value) -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            case Item.Token(String value) -> value;
            case Item.Octets(Bytes value) -> ":" + Base64.getEncoder().encodeToString(value.toArray()) + ":";
            case Item.Switch(boolean on) -> on ? "?1" : "?0";
            case Item.Moment(Instant value) -> "@" + value.getEpochSecond();
            case Item.Display(String value) -> display(value);
            case Item.Inner(List<Item> items) ->
                items.stream()
                        .map(one -> written(one, speech))
                        .collect(Collectors.joining(speech.one(" ", "  "), "(", speech.one(")", " )")));
        };
        return bare + speech.one("", "", ";a", "; a=1;b=\"x\"", ";*=?0");
    }

    private static String display(String value) {
        StringBuilder all = new StringBuilder("%\"");
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            all.append(b < 0x20 || b == '%' || b == '"' ? String.format("%%%02x", b & 0xff) : String.valueOf((char) b));
        }
        return all.append('"').toString();
    }

    @Test
    void structuredFieldsAreReadAsTheyAreWritten() {
        Speech.tryOut(150, 9, speech -> {
            Map<String, Item> members = new LinkedHashMap<>();
            for (int n = speech.below(4); n >= 0; n--) {
                members.put(speech.one("max-age", "a", "*x", "no-store", "s.m_a-x*9"), item(speech, 0));
            }
            List<String> texts = members.entrySet().stream()
                    .map(member -> member.getKey()
                            + (member.getValue().equals(new Item.Switch(true)) && speech.once(2)
                                    ? ""
                                    : "=" + written(member.getValue(), speech)))
                    .toList();
            String text = String.join(speech.ows() + "," + speech.ows(), texts);
            holds(StructuredField.dictionary(text).equals(Optional.of(members)), () -> text);
            String bent = speech.bent(text);
            StructuredField.dictionary(bent).ifPresent(read -> {
                String again = read.entrySet().stream()
                        .map(member -> member.getKey() + "=" + written(member.getValue(), speech))
                        .collect(Collectors.joining(", "));
                holds(StructuredField.dictionary(again).equals(Optional.of(read)), () -> bent + " is " + again);
            });
            StructuredField.list(bent).ifPresent(read -> {
                String again = read.stream().map(one -> written(one, speech)).collect(Collectors.joining(", "));
                holds(StructuredField.list(again).equals(Optional.of(read)), () -> bent + " is " + again);
            });
            StructuredField.item(bent);
        });
    }

    @Test
    void referencesPointWhereTheyPoint() {
        Target base = Target.of("http", "a.example", "/b/c?d");
        Pattern plain = Pattern.compile("(?:[A-Za-z0-9./?=&_~;:@!,-]|%[0-9A-Fa-f]{2})*");
        Speech.tryOut(100, 10, speech -> {
            String reference = speech.bent(speech.one("http:", "https:", "HTTP:", "ftp:", "", "")
                    + speech.one("//a.example", "//b.example:80", "//[::1]", "//u@h", "")
                    + speech.one("/", "", "/x/../y", "../../z", "./", "?q", "#f")
                    + speech.one("", "?a=/../b", "%2f..", ";p"));
            Target read = UriReference.resolve(base, reference);
            if (read != null) {
                holds(read.path().startsWith("/") && !read.authority().isNone(), () -> reference);
                holds(
                        !("/" + read.path() + "/").contains("/../") || reference.indexOf('#') >= 0,
                        () -> reference + " is " + read);
            }
            if (plain.matcher(reference).matches()) {
                sameAsTheLibrary(reference, read);
            }
        });
    }

    /** {@code java.net.URI} reads more schemes and other hosts; where both see a host it is the same one. */
    private static void sameAsTheLibrary(String reference, @Nullable Target read) {
        URI theirs;
        try {
            theirs = new URI("http://a.example/b/c?d").resolve(new URI(reference));
        } catch (URISyntaxException | IllegalArgumentException none) {
            return;
        }
        if (read != null && theirs.getHost() != null) {
            holds(
                    read.authority().host().equalsIgnoreCase(theirs.getHost().replaceFirst("\\.$", "")),
                    () -> reference + " is " + read + ", not " + theirs);
            holds(
                    read.scheme().equalsIgnoreCase(theirs.getScheme()),
                    () -> reference + " is " + read + ", not " + theirs);
        }
    }
}
