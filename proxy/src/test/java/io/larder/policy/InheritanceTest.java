package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a fragment is told of the visitor: what its route declares. */
class InheritanceTest {
    private static final CacheRules PLAIN = CacheRules.DEFAULTS;
    private static final CacheRules MINE = PLAIN.withSharing(new CacheRules.Sharing(
            CacheRules.Guarding.ON,
            new CacheRules.Personal(new CacheRules.Selector.OfCookie("sessionid"), Duration.ofSeconds(30))));

    private static String told(CacheRules rules, String cookie) {
        Headers headers = Headers.of("Accept-Language", "de", "Cookie", cookie, "Authorization", "Basic x");
        return Inheritance.of(rules, Request.get(Target.of("http", "a.example", "/f"), headers))
                .headers()
                .toString();
    }

    @Test
    void whatEverybodyGetsIsAskedForAsNobody() {
        assertThat(told(PLAIN, "sessionid=1; lang=de")).isEqualTo("Accept-Language: de\r\n");
    }

    @Test
    void whatIsInTheKeyGoesAlong() {
        CacheRules keyed = PLAIN.withKey(
                new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("Authorization")), List.of("lang")));
        assertThat(told(keyed, "sessionid=1; lang=de"))
                .isEqualTo("Accept-Language: de\r\nAuthorization: Basic x\r\nCookie: lang=de\r\n");
    }

    @Test
    void whatIsKeptForOneVisitorIsToldAllOfHimAndNothingOfAnybodyElse() {
        assertThat(told(MINE, "sessionid=1; lang=de")).contains("Cookie: sessionid=1; lang=de", "Authorization");
        assertThat(told(MINE, "lang=de")).isEqualTo("Accept-Language: de\r\n");
    }

    @Test
    void whatPassesByTheStoreIsToldAllOfHim() {
        CacheRules bypassing = PLAIN.withBypass(new CacheRules.Bypass(List.of(new Glob("sess*")), List.of()));
        assertThat(told(bypassing, "sessionid=1; lang=de")).contains("Cookie: sessionid=1; lang=de");
        assertThat(told(bypassing, "lang=de")).doesNotContain("Cookie");
    }

    @Test
    void whatIsNotCachedIsToldAllOfHim() {
        Headers headers = Headers.of("Cookie", "a=b");
        Request request = Request.get(Target.of("http", "a.example", "/f"), headers);
        assertThat(Inheritance.of(null, request)).isSameAs(request);
    }
}
