package io.larder.policy;

import static io.larder.testing.Speech.holds;
import static io.larder.testing.Speech.sendable;

import io.larder.http.Body;
import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HttpDate;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.StructuredField;
import io.larder.http.Target;
import io.larder.testing.Speech;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** However fields are written: nothing private is stored or given to somebody else, and nothing malformed makes anything fresher. */
class StoringFuzzTest {
    private static final List<String> PERMISSIONS = List.of(
            "public",
            "max-age=60",
            "s-maxage=60",
            "immutable",
            "stale-while-revalidate=60",
            "stale-if-error=60",
            "foo=bar");

    private static CacheRules rules(Speech speech) {
        CacheRules.Lifetimes from = CacheRules.Lifetimes.FROM_RESPONSE;
        CacheRules.Lifetimes lifetimes = new CacheRules.Lifetimes(
                speech.once(4) ? Duration.ofSeconds(30) : null,
                speech.once(4) ? Duration.ofSeconds(30) : null,
                speech.once(2),
                Map.of(404, Duration.ofSeconds(5)),
                from.targeted(),
                0,
                from.max());
        return CacheRules.DEFAULTS.withLifetimes(lifetimes);
    }

    /** Fields that would have a response stored, some of them bent. */
    private static HeadersBuilder inviting(Speech speech) {
        HeadersBuilder fields = Headers.builder();
        add(fields, speech, "Expires", speech.once(2) ? Given.at(speech.below(9999) - 99) : speech.bent(Given.at(60)));
        add(fields, speech, "Date", speech.once(2) ? Given.at(-speech.below(99)) : speech.bent(Given.at(0)));
        add(fields, speech, "Last-Modified", speech.bent(Given.at(-speech.below(99_999))));
        add(fields, speech, "ETag", speech.bent("W/\"a\""));
        add(fields, speech, "Age", speech.bent("1" + speech.below(99)));
        add(fields, speech, "Vary", speech.bent(speech.list(List.of("Accept-Encoding", "x-user"))));
        return fields;
    }

    private static void add(HeadersBuilder fields, Speech speech, String name, String value) {
        if (speech.once(3)) {
            fields.add(name, sendable(value));
        }
    }

    private static Request request(Speech speech) {
        HeadersBuilder fields = Headers.builder();
        add(fields, speech, "Authorization", speech.bent("Basic YTpi"));
        add(fields, speech, "Cookie", speech.bent("a=1; sessionid=2"));
        add(fields, speech, "Cache-Control", speech.bent("max-stale"));
        add(fields, speech, "Range", speech.bent("bytes=0-1"));
        return Given.get().withHeaders(fields.build());
    }

    private static int status(Speech speech) {
        return speech.one(200, 200, 200, 203, 204, 206, 301, 302, 304, 404, 500, 503, 599);
    }

    private static Response response(int status, Headers fields) {
        return Response.of(status, fields, new Body.Whole(Given.BODY));
    }

    @Test
    void whatForbidsStoringIsHeardInEverySpelling() {
        Speech.tryOut(200, 21, speech -> {
            List<String> directives = new ArrayList<>();
            for (int n = speech.below(4); n > 0; n--) {
                directives.add(speech.anyCase(speech.one(PERMISSIONS)));
            }
            String forbids =
                    speech.anyCase(speech.one("no-store", "private", "no-store=\"\"", "no-store=1", "private=\"\""));
            directives.add(speech.below(directives.size() + 1), forbids);
            HeadersBuilder fields = inviting(speech);
            int cut = speech.below(directives.size() + 1);
            fields.add(
                    speech.anyCase("Cache-Control"),
                    speech.list(directives.subList(0, cut)).strip());
            fields.add(
                    speech.anyCase("Cache-Control"),
                    speech.list(directives.subList(cut, directives.size())).strip());
            Headers said = fields.build();
            Storability verdict = Given.storability(rules(speech), request(speech), response(status(speech), said));
            holds(verdict instanceof Storability.Refuse, said::toString);
        });
    }

    @Test
    void whatIsMalformedMakesNothingFresher() {
        Speech.tryOut(200, 22, speech -> {
            CacheRules rules = rules(speech);
            int status = status(speech);
            HeadersBuilder fields = inviting(speech);
            add(fields, speech, "Cache-Control", speech.list(List.of(speech.one(PERMISSIONS))));
            Headers without = fields.build();
            String name =
                    speech.one("Expires", "Date", "Last-Modified", "CDN-Cache-Control", "Cache-Control", "Vary", "Age");
            String value = sendable(malformed(name, speech));
            if (without.contains(FieldName.of(name))) {
                return;
            }
            Headers with = without.with(FieldName.of(name), value);
            Request request = request(speech);
            Storability before = Given.storability(rules, request, response(status, without));
            Storability after = Given.storability(rules, request, response(status, with));
            holds(left(after) <= left(before), () -> name + ": " + value + " makes " + before + " " + after);
        });
    }

    /** Something that the grammar of the field does not know. */
    private static String malformed(String name, Speech speech) {
        return switch (name) {
            case "Expires", "Date", "Last-Modified" -> {
                String date = speech.bent(Given.at(60));
                yield HttpDate.parse(sendable(date), Given.NOW) == null ? date : "0";
            }
            case "CDN-Cache-Control" -> {
                String text = speech.bent("max-age=9999, public");
                yield StructuredField.dictionary(sendable(text)).isEmpty() ? text : "max-age=9999, &";
            }
            case "Cache-Control" ->
                speech.one("max-age=", "max-age =", "max-age= ", "max-age=\"", "s-maxage=")
                        + speech.one("60s", "-60", "6 0", "6.0", "'60'", "0x60", "\"60", "");
            case "Vary" -> speech.bent("a b, c\"");
            default -> speech.one("-", "a", "1.5", "+") + speech.number();
        };
    }

    /** How long a stored response would be fresh, in milliseconds; 0 where it is not stored. */
    private static long left(Storability verdict) {
        return switch (verdict) {
            case Storability.Keep keep -> Math.max(0, keep.with(Given.BODY).left(Given.NOW));
            case Storability.Refuse refuse -> 0;
        };
    }

    @Test
    void nobodyGetsTheVariantOfSomebodyElse() {
        List<String> names = List.of("Cookie", "X-User", "Authorization", "X-Role");
        Speech.tryOut(150, 23, speech -> {
            List<String> varying = names.subList(0, 1 + speech.below(names.size()));
            Headers mine = identified(names, speech);
            Headers other = bent(mine, speech);
            Headers said = Headers.of(
                    "Cache-Control",
                    "public, max-age=60",
                    "Vary",
                    speech.anyCase(speech.list(varying)).strip());
            Stored stored = Given.stored(CacheRules.DEFAULTS, Given.get().withHeaders(mine), response(200, said));
            Reuse reuse = Reuse.of(CacheRules.DEFAULTS, Given.get().withHeaders(other), Variants.of(stored), Given.NOW);
            boolean same = varying.stream().allMatch(name -> meaning(name, mine).equals(meaning(name, other)));
            holds((reuse instanceof Reuse.Fresh) == same, () -> varying + ": " + mine + " and " + other);
        });
    }

    private static Headers identified(List<String> names, Speech speech) {
        HeadersBuilder fields = Headers.builder();
        for (String name : names) {
            add(fields, speech, name, speech.one("a=1; b=2", "a, b", "alice", "a,b", ""));
            add(fields, speech, name, speech.one("a=1; b=2", "alice"));
        }
        return fields.build();
    }

    /** The same fields, one of their values or names bent. */
    private static Headers bent(Headers fields, Speech speech) {
        HeadersBuilder all = Headers.builder();
        int bent = speech.below(fields.size() + 1);
        for (int i = 0; i < fields.size(); i++) {
            if (i != bent || !speech.once(5)) {
                all.add(
                        speech.anyCase(fields.name(i)),
                        i == bent ? sendable(speech.bent(fields.value(i))) : fields.value(i));
            }
        }
        return all.build();
    }

    /** What a field says to an origin: white space around the members of a list says nothing, in credentials it might. */
    private static String meaning(String name, Headers fields) {
        List<String> lines = fields.all(FieldName.of(name));
        if (lines.isEmpty()) {
            return "absent";
        }
        String whole = String.join(name.equals("Cookie") ? "; " : ", ", lines);
        boolean credential = name.equals("Cookie") || name.equals("Authorization");
        return credential ? "as " + whole : "list " + FieldList.members(whole);
    }

    @Test
    void keysTellDeclaredCookiesApart() {
        KeyRules declared = new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("X-Country")), List.of("tier"));
        Speech.tryOut(100, 24, speech -> {
            Headers one = keyed(speech);
            Headers other = speech.once(2) ? keyed(speech) : bent(one, speech);
            boolean equal = CacheKey.of(declared, Given.get().withHeaders(one))
                    .equals(CacheKey.of(declared, Given.get().withHeaders(other)));
            boolean same = tiers(one).equals(tiers(other))
                    && one.all(FieldName.of("X-Country")).equals(other.all(FieldName.of("X-Country")));
            holds(!equal || tiers(one).equals(tiers(other)), () -> one + " and " + other);
            holds(equal || !same, () -> one + " and " + other);
        });
    }

    private static Headers keyed(Speech speech) {
        HeadersBuilder fields = Headers.builder();
        add(fields, speech, "X-Country", speech.bent(speech.one("DE", "FR", "1:a,")));
        add(
                fields,
                speech,
                "Cookie",
                speech.bent(speech.one("tier=gold", "a=1; tier=gold; b", "tier=\"x;tier=y\"", " tier=; tier")));
        add(fields, speech, "Cookie", speech.bent(speech.one("tier=silver", "xtier=gold")));
        return fields.build();
    }

    private static List<String> tiers(Headers fields) {
        return fields.all(Fields.COOKIE).stream()
                .flatMap(line -> Arrays.stream(line.split(";")))
                .map(pair -> pair.replaceAll("^[ \t]+|[ \t]+$", ""))
                .filter(pair -> pair.equals("tier") || pair.startsWith("tier="))
                .map(pair -> pair.equals("tier") ? "" : pair.substring(5))
                .toList();
    }

    @Test
    void droppedCookiesAreGoneAndTheOthersStay() {
        List<Glob> ignored = List.of(Glob.of("_ga*"), Glob.of("utm"));
        Speech.tryOut(100, 25, speech -> {
            HeadersBuilder fields = Headers.builder();
            for (int n = speech.below(3); n > 0; n--) {
                fields.add("Cookie", sendable(speech.bent("_ga=1; tier=gold; _gat_x=2; utm=3; utmb=4")));
            }
            Headers before = fields.build();
            Headers after =
                    Cookies.drop(Given.get().withHeaders(before), ignored).headers();
            holds(
                    pairs(after)
                            .equals(pairs(before).stream()
                                    .filter(pair -> !pair.matches("(?s)_ga[^=]*(=.*)?|utm(=.*)?"))
                                    .toList()),
                    () -> before + " to " + after);
        });
    }

    private static List<String> pairs(Headers fields) {
        return fields.all(Fields.COOKIE).stream()
                .flatMap(line -> Arrays.stream(line.split(";")))
                .map(pair -> pair.replaceAll("^[ \t]+|[ \t]+$", ""))
                .filter(pair -> !pair.isEmpty())
                .toList();
    }

    @Test
    void queriesKeepWhatCounts() {
        KeyRules.Query sorted = new KeyRules.Query(List.of(Glob.of("utm_*")), List.of(), true);
        Speech.tryOut(100, 26, speech -> {
            String query = sendable(
                    speech.bent(speech.one("b=2&a=1&utm_source=x", "a=2&a=1&b", "utm_x&utm_y=&c=%26", "&&=&a")));
            if (!query.matches("[a-z0-9_]*(?:=[^&;]*)?(?:&[a-z0-9_]*(?:=[^&;]*)?)*+")) {
                return; // origins may read its names in several ways
            }
            String kept = KeyQuery.of(sorted, query);
            List<String> parameters = Arrays.asList(query.split("&", -1));
            List<String> counting = parameters.stream()
                    .filter(one -> !one.matches("(?s)utm_[^=]*(=.*)?"))
                    .toList();
            holds((kept == null) == counting.isEmpty(), () -> query);
            if (kept != null) {
                List<String> left = Arrays.asList(kept.split("&", -1));
                holds(
                        left.stream()
                                .sorted()
                                .toList()
                                .equals(counting.stream().sorted().toList()),
                        () -> query + " to " + kept);
                holds(kept.equals(KeyQuery.of(sorted, kept)), () -> query + " to " + kept);
                holds(byName(left).equals(byName(counting)), () -> query + " to " + kept);
            }
            List<String> others = new ArrayList<>(parameters);
            Collections.rotate(others, speech.below(others.size()));
            others.add(speech.below(others.size() + 1), "utm_" + speech.below(9));
            boolean sameOrder = byName(others.stream()
                            .filter(one -> !one.startsWith("utm_"))
                            .toList())
                    .equals(byName(counting));
            holds(
                    !sameOrder || Objects.equals(kept, KeyQuery.of(sorted, String.join("&", others))),
                    () -> query + " and " + others);
        });
    }

    /** Parameters with one name in their order: that is part of the meaning. */
    private static Map<String, List<String>> byName(List<String> parameters) {
        return parameters.stream().collect(Collectors.groupingBy(one -> one.replaceFirst("(?s)=.*", "")));
    }

    @Test
    void agesAreNeverLessThanTheFieldSays() {
        Speech.tryOut(50, 27, speech -> {
            String value = sendable(speech.bent(speech.list(List.of("" + speech.below(9999), "" + speech.number()))));
            Age age = Age.of(Headers.of("Age", value), Given.NOW, Given.NOW);
            String first = Arrays.stream(value.split(","))
                    .map(String::strip)
                    .filter(one -> !one.isEmpty())
                    .findFirst()
                    .orElse("");
            boolean valid = first.matches("[0-9]{1,9}");
            holds(
                    age.initial() >= 0 && (!valid || age.initial() == Long.parseLong(first) * 1000),
                    () -> value + " is " + age);
        });
    }

    @Test
    void cacheStatusIsAStructuredField() {
        Speech.tryOut(50, 28, speech -> {
            Reason reason = speech.one(Reason.values());
            String value = speech.once(2)
                    ? CacheStatus.hit(reason, speech.below(99) - 50)
                    : CacheStatus.forwarded(reason)
                            .answered(status(speech))
                            .notStored(speech.one(Reason.values()))
                            .value();
            holds(StructuredField.list(value).isPresent(), () -> value);
        });
    }

    @Test
    void partsAreStoredOnlyAsTheRangeTheyWereAskedFor() {
        Speech.tryOut(50, 29, speech -> {
            int first = speech.below(9);
            String asked = sendable(speech.bent("bytes=" + first + "-" + (first + 4)));
            String range = sendable(speech.bent("bytes " + first + "-" + (first + 4) + "/10"));
            Request request = Request.get(Target.of("http", "shop.example", "/"), Headers.of("Range", asked));
            Headers said = Headers.of("Cache-Control", "max-age=60", "Content-Range", range);
            PartialContent verdict =
                    PartialContent.of(CacheRules.DEFAULTS, request, response(206, said), Given.NOW, Given.NOW);
            if (verdict instanceof PartialContent.Keep keep) {
                holds(keep.range().range().length() == Given.BODY.length(), () -> asked + " got " + range);
                holds(keep.range().range().last() < keep.range().complete(), () -> asked + " got " + range);
            }
            holds(
                    Given.storability(CacheRules.DEFAULTS, request, response(206, said)) instanceof Storability.Refuse,
                    () -> asked + " got " + range);
        });
    }
}
