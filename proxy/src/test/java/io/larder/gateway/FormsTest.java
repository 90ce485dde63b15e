package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.policy.CacheRules;
import io.larder.policy.DjangoToken;
import io.larder.policy.FormMask;
import io.larder.route.FragmentPlan;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages with Django's forms, cached for who is nobody in particular: each visitor gets a token of his own, and nobody another's. */
class FormsTest {
    private static final CacheRules MINUTES =
            CacheRules.DEFAULTS.withLifetimes(CacheRules.DEFAULTS.lifetimes().fixedAt(Duration.ofMinutes(5)));
    private static final Pattern TOKEN = Pattern.compile("value=\"([A-Za-z0-9]{64})\"");
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyz012345";

    private final Random random = new Random(1);
    private final PageHouse house = new PageHouse(plan(FragmentPlan.Language.ESI), MINUTES, Report.Detail.ON);

    private static FragmentPlan plan(FragmentPlan.Language language) {
        return new FragmentPlan(
                language,
                false,
                Duration.ofSeconds(2),
                null,
                new FragmentPlan.Limits(List.of(), 5, 256),
                new FragmentPlan.Visitor(false, true));
    }

    private static String form(String token) {
        return "<form method=post><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"" + token + "\"></form>"
                + "<script>t='" + token + "'</script>";
    }

    /** As Django answers one who has no cookie. */
    private String django(String path, String... more) {
        String secret = DjangoToken.freshSecret(random);
        String token = DjangoToken.masked(secret, random);
        String[] fields = {
            "Content-Type",
            "text/html; charset=utf-8",
            "Vary",
            "Cookie",
            "Set-Cookie",
            "csrftoken=" + secret
                    + "; expires=Mon, 29 Nov 2027 08:00:00 GMT; Max-Age=31449600; Path=/; SameSite=Lax; Secure"
        };
        String[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(fields), java.util.Arrays.stream(more))
                .toArray(String[]::new);
        house.asked(path).respond(200, form(token), all);
        house.settle();
        return token;
    }

    private static String token(Collector client) {
        Matcher found = TOKEN.matcher(client.text());
        assertThat(found.find()).as(client.text()).isTrue();
        return found.group(1);
    }

    /** Whether Django takes {@code token} from who has {@code secret}: both come to the same once the mask is off. */
    private static boolean isAccepted(String token, String secret) {
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            int shift = letters.indexOf(token.charAt(i));
            plain.append(letters.charAt(Math.floorMod(letters.indexOf(token.charAt(32 + i)) - shift, 62)));
        }
        return plain.toString().equals(secret);
    }

    private static String given(Collector client) {
        String cookie = client.field("Set-Cookie");
        assertThat(cookie).startsWith("csrftoken=").endsWith("; Max-Age=31449600; Path=/; SameSite=Lax; Secure");
        return cookie.substring(10, cookie.indexOf(';'));
    }

    @Test
    void aThousandVisitorsGetTokensOfTheirOwnFromOnePage() {
        Collector first = house.get("/form");
        String djangos = django("/form");
        Set<String> tokens = new HashSet<>();
        assertThat(isAccepted(token(first), given(first))).isTrue();
        for (int i = 0; i < 1000; i++) {
            boolean known = i % 2 == 0;
            String secret = DjangoToken.freshSecret(random);
            Collector client = known ? house.get("/form", "Cookie", "csrftoken=" + secret) : house.get("/form");
            assertThat(isAccepted(token(client), known ? secret : given(client)))
                    .isTrue();
            assertThat(client.field("Set-Cookie").isEmpty()).isEqualTo(known);
            assertThat(client.text()).doesNotContain(djangos).contains("t='" + token(client) + "'");
            assertThat(client.field("Cache-Control")).isEqualTo("private, no-cache");
            assertThat(client.field("ETag")).isEmpty();
            tokens.add(token(client));
        }
        assertThat(tokens).hasSize(1000);
        assertThat(house.origin.calls).hasSize(1);
    }

    @Test
    void whatIsStoredHoldsNobodysTokenAndNoClientSeesWhatStandsInForIt() {
        Collector first = house.get("/form", "Cookie", "csrftoken=" + SECRET);
        assertThat(house.asked("/form").request().headers().contains(Fields.COOKIE))
                .as("the origin is asked as nobody")
                .isFalse();
        String djangos = django("/form");
        assertThat(first.field(FormMask.FIELD.toString())).isEmpty();
        assertThat(house.get("/form").field(FormMask.FIELD.toString())).isEmpty();
        assertThat(house.ask("HEAD", "/form").field(FormMask.FIELD.toString())).isEmpty();
        assertThat(house.stored()).hasSize(1).allSatisfy(stored -> {
            assertThat(stored.body().toUtf8()).doesNotContain(djangos);
            assertThat(stored.headers().contains(Fields.SET_COOKIE)).isFalse();
            assertThat(stored.headers().contains(Fields.VARY)).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionid=1", "messages=x", "a=b; sessionid=1; c=d"})
    void whoIsLoggedInIsNotConcerned(String cookie) {
        house.get("/form");
        django("/form");
        Collector member = house.get("/form", "Cookie", cookie + "; csrftoken=" + SECRET);
        assertThat(house.asked("/form").request().headers().first(Fields.COOKIE))
                .contains(SECRET);
        String his = django("/form");
        assertThat(token(member)).isEqualTo(his);
        assertThat(member.field("Set-Cookie")).contains("expires=");
        Collector nobody = house.get("/form");
        assertThat(nobody.text()).doesNotContain(his);
        assertThat(house.stored())
                .allSatisfy(stored -> assertThat(stored.body().toUtf8()).doesNotContain(his));
    }

    @Test
    void aPageThatSetsAnotherCookieIsNotStoredAndItsFormWorksAllTheSame() {
        Collector client = house.get("/form", "Cookie", "csrftoken=" + SECRET);
        String token = django("/form", "Set-Cookie", "django_language=de");
        assertThat(client.field("Set-Cookie")).isEqualTo("django_language=de");
        assertThat(client.text()).doesNotContain(token);
        assertThat(isAccepted(token(client), SECRET)).isTrue();
        assertThat(house.stored()).isEmpty();
    }

    /** The origin may have looked at any of them, and says no more than that it varies by cookies. */
    @Test
    void aCookieThatTheRouteDoesNotKnowMakesAVisitorSomebody() {
        house.get("/form");
        django("/form");
        Collector somebody = house.get("/form", "Cookie", "cart=3; csrftoken=" + SECRET);
        String his = django("/form");
        assertThat(token(somebody)).isEqualTo(his);
        assertThat(somebody.field("Cache-Status")).contains("fwd=bypass");
        assertThat(house.stored())
                .hasSize(1)
                .allSatisfy(stored -> assertThat(stored.body().toUtf8()).doesNotContain(his));
    }

    @Test
    void aFormInAPageThatIsNotAboutFormsIsNone() {
        PageHouse mixed = new PageHouse(plan(FragmentPlan.Language.ESI), PageHouse.PLAN, MINUTES, Report.Detail.ON);
        Collector client = mixed.get("/raw/page");
        mixed.page("/raw/page", "(<esi:include src=\"/form\" onerror=\"continue\"/>)");
        String secret = DjangoToken.freshSecret(random);
        mixed.asked("/form")
                .respond(
                        200,
                        form(DjangoToken.masked(secret, random)),
                        "Content-Type",
                        "text/html",
                        "Set-Cookie",
                        "csrftoken=" + secret);
        mixed.settle();
        assertThat(client.text()).isEqualTo("()");
    }

    @Test
    void aTokenWithoutItsCookieIsNotStored() {
        house.get("/form");
        house.asked("/form").respond(200, form(DjangoToken.masked(SECRET, random)), "Content-Type", "text/html");
        house.settle();
        assertThat(house.stored()).isEmpty();
    }

    @Test
    void anOriginDoesNotSayWhatStandsInForATokenAndNorDoesAVisitor() {
        String standIn = "x".repeat(64);
        house.get("/form", FormMask.FIELD.toString(), standIn);
        house.asked("/form")
                .respond(
                        200,
                        "<a href='//evil/" + standIn + "'>",
                        "Content-Type",
                        "text/html",
                        FormMask.FIELD.toString(),
                        standIn,
                        "Cache-Control",
                        "max-age=60");
        house.settle();
        assertThat(house.get("/form", "Cookie", "csrftoken=" + SECRET).text()).contains(standIn);
    }

    @Test
    void aPageWithoutATokenStillGivesTheCookieThatItsScriptsRead() {
        house.get("/page");
        house.asked("/page")
                .respond(
                        200,
                        "<p>",
                        "Content-Type",
                        "text/html",
                        "Vary",
                        "Cookie",
                        "Set-Cookie",
                        "csrftoken=" + SECRET + "; Path=/");
        house.settle();
        Collector second = house.get("/page");
        assertThat(second.field("Set-Cookie")).startsWith("csrftoken=").doesNotContain(SECRET);
        assertThat(house.get("/page", "Cookie", "csrftoken=" + SECRET).field("Set-Cookie"))
                .isEmpty();
        assertThat(house.origin.calls).hasSize(1);
    }

    @Test
    void aFormInAFragmentGetsTheTokenOfThePagesVisitor() {
        house.get("/page");
        house.page("/page", "<esi:include src=\"/form\"/>");
        django("/form");
        Collector nobody = house.get("/page");
        String cookie = nobody.field("Set-Cookie");
        assertThat(isAccepted(token(nobody), cookie.substring(10, cookie.indexOf(';'))))
                .isTrue();
        Collector known = house.get("/page", "Cookie", "csrftoken=" + SECRET);
        assertThat(isAccepted(token(known), SECRET)).isTrue();
        assertThat(known.field("Cache-Control")).startsWith("private");
        assertThat(house.times("/form")).isEqualTo(1);
    }

    /** Whose part passes by the store: the origin must know him by the cookie that the page gives him. */
    @Test
    void aFormInAPartThatIsNotKeptIsForTheCookieThatThePageGives() {
        Collector client = house.get("/page", "Cookie", "consent=1");
        house.page("/page", "<esi:include src=\"/form\"/>");
        String asked = String.valueOf(house.asked("/form").request().headers().first(Fields.COOKIE));
        assertThat(asked).startsWith("consent=1; csrftoken=");
        String secret = asked.substring(asked.indexOf("csrftoken=") + 10);
        house.asked("/form")
                .respond(
                        200,
                        form(DjangoToken.masked(secret, random)),
                        "Content-Type",
                        "text/html",
                        "Set-Cookie",
                        "csrftoken=" + secret);
        house.settle();
        assertThat(client.field("Set-Cookie")).startsWith("csrftoken=" + secret + ";");
        assertThat(isAccepted(token(client), secret)).isTrue();
    }

    @Test
    void aCompressedPageIsReadToo() {
        Collector client = house.get("/form", "Accept-Encoding", "gzip");
        String secret = DjangoToken.freshSecret(random);
        String token = DjangoToken.masked(secret, random);
        house.asked("/form")
                .respond(
                        200,
                        ContentCoding.gzip(Bytes.utf8(form(token))),
                        "Content-Type",
                        "text/html",
                        "Content-Encoding",
                        "gzip",
                        "Vary",
                        "Cookie, Accept-Encoding",
                        "Set-Cookie",
                        "csrftoken=" + secret);
        house.settle();
        assertThat(client.field("Content-Encoding")).isEmpty();
        assertThat(client.text()).doesNotContain(token);
        assertThat(house.get("/form", "Cookie", "csrftoken=" + SECRET).text()).doesNotContain(token);
        assertThat(house.origin.calls).hasSize(1);
    }

    @Test
    void withoutAnyMarkupFormsAreFilledInAllTheSame() {
        PageHouse plain = new PageHouse(plan(FragmentPlan.Language.NONE), MINUTES, Report.Detail.ON);
        plain.get("/form");
        String secret = DjangoToken.freshSecret(random);
        plain.asked("/form")
                .respond(
                        200,
                        form(DjangoToken.masked(secret, random)) + "<esi:include src=\"/a\"/>",
                        "Content-Type",
                        "text/html",
                        "Set-Cookie",
                        "csrftoken=" + secret,
                        "Surrogate-Control",
                        "content=\"ESI/1.0\"");
        plain.settle();
        Collector client = plain.get("/form", "Cookie", "csrftoken=" + SECRET);
        assertThat(isAccepted(token(client), SECRET)).isTrue();
        assertThat(client.text()).contains("<esi:include");
    }

    @Test
    void aPostPassesAsItIs() {
        Collector client = house.ask("POST", "/form", "Cookie", "csrftoken=" + SECRET);
        assertThat(house.asked("/form").request().headers().first(FieldName.of("Cookie")))
                .contains(SECRET);
        String token = django("/form");
        assertThat(token(client)).isEqualTo(token);
    }
}
