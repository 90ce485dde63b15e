package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Request;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Under which key a private response is kept, and whether it is. */
class OwnerTest {
    private static final CacheRules BY_COOKIE = by(new CacheRules.Selector.OfCookie("sid"));
    private static final CacheRules BY_HEADER = by(new CacheRules.Selector.OfHeader(FieldName.of("Authorization")));

    private static CacheRules by(CacheRules.Selector selector) {
        CacheRules.Personal personal = new CacheRules.Personal(selector, Duration.ofSeconds(30));
        return CacheRules.DEFAULTS.withSharing(new CacheRules.Sharing(CacheRules.Guarding.ON, personal));
    }

    private static @Nullable CacheKey key(CacheRules rules, Request request) {
        return CacheKey.owned(rules, request, CacheKey.of(rules.key(), request));
    }

    private static CacheKey cookie(String value) {
        return Objects.requireNonNull(key(BY_COOKIE, Given.get("Cookie", value)), value);
    }

    @Test
    void aKeyTellsOwnersApartAndNamesNone() {
        assertThat(cookie("sid=a")).isEqualTo(cookie("x=1; sid=a; y=2")).isNotEqualTo(cookie("sid=b"));
        assertThat(cookie("sid=topsecret").toString()).doesNotContain("topsecret");
        assertThat(cookie("sid=a").hasExtras()).isTrue();
        assertThat(cookie("sid=a").isForAll()).isFalse();
        assertThat(cookie("sid=a").partial().isForAll()).isFalse();
        assertThat(cookie("sid=a").pathAndQuery()).isEqualTo("/p?q=1");
        assertThat(cookie("sid=a")).isNotEqualTo(CacheKey.of(KeyRules.PLAIN, Given.get()));
        assertThat(cookie("sid=a"))
                .isNotEqualTo(CacheKey.of(KeyRules.PLAIN, Given.get()).personal());
        assertThat(key(BY_HEADER, Given.get("Authorization", "a"))).isEqualTo(cookie("sid=a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            Cookie        ! x=1
            Cookie        ! sid=
            Cookie        ! sid
            Cookie        ! SID=a
            Cookie        ! sid=a; sid=a
            Cookie        ! sid=a; sid=b
            Authorization ! a
            """)
    void whoDoesNotSayOnceWhoHeIsHasNoKey(String field, String value) {
        assertThat(key(BY_COOKIE, Given.get(field, value))).isNull();
    }

    @Test
    void withoutTheRouteSayingSoNobodyHasOne() {
        assertThat(key(CacheRules.DEFAULTS, Given.get("Cookie", "sid=a"))).isNull();
        assertThat(key(BY_COOKIE.forOne(), Given.get("Cookie", "sid=a"))).isNull();
        CacheRules shadow = BY_COOKIE.withSharing(new CacheRules.Sharing(
                CacheRules.Guarding.SHADOW, BY_COOKIE.sharing().personal()));
        assertThat(key(shadow, Given.get("Cookie", "sid=a"))).isNull();
        assertThat(key(BY_HEADER, Given.get("Authorization", "a", "Authorization", "b")))
                .isNull();
    }

    @ParameterizedTest(name = "by {0}: {1} answered {2}: {3} ({4})")
    @CsvSource(delimiter = '!', textBlock = """
            cookie ! Cookie: sid=a                     ! Cache-Control: private, max-age=60               ! 30             ! configuration private.ttl
            cookie ! Cookie: sid=a                     ! Cache-Control: private, max-age=5                ! 5              ! RFC 9111 4.2.1
            cookie ! Cookie: sid=a                     ! Cache-Control: max-age=60                        ! 30             ! configuration private.ttl
            cookie ! Cookie: sid=a                     ! Cache-Control: private, max-age=60 | Age: 20     ! 30             ! RFC 9111 4.2.3: age counts
            cookie ! Cookie: sid=a                     ! Cache-Control: private                           ! NO_FRESHNESS   ! RFC 9111 4.2.2
            cookie ! Cookie: sid=a                     ! Cache-Control: private, no-store, max-age=60     ! NO_STORE       ! RFC 9111 5.2.2.5
            cookie ! Cookie: sid=a                     ! Cache-Control: private, max-age=60 | Vary: *     ! VARY_STAR      ! RFC 9111 4.1
            cookie ! Cookie: sid=a                     ! Cache-Control: private, max-age=60 | Set-Cookie: b=1 ! SET_COOKIE ! configuration set-cookie
            cookie ! Cookie: sid=a; PHPSESSID=1        ! Cache-Control: private, max-age=60               ! SESSION_COOKIE ! a second session
            cookie ! Cookie: sid=a; PHPSESSID=1        ! Cache-Control: max-age=60                        ! SESSION_COOKIE ! a second session
            cookie ! Cookie: sid=a | Authorization: b  ! Cache-Control: private, max-age=60               ! AUTHORIZATION  ! RFC 9111 3.5
            cookie ! Cookie: sid=a | Authorization: b  ! Cache-Control: public, max-age=60                ! AUTHORIZATION  ! RFC 9111 3.5
            header ! Authorization: a                  ! Cache-Control: private, max-age=60               ! 30             ! RFC 9111 3.5
            header ! Authorization: a                  ! Cache-Control: max-age=60                        ! 30             ! RFC 9111 3.5
            header ! Authorization: a | Cookie: sessionid=1 ! Cache-Control: private, max-age=60          ! SESSION_COOKIE ! a session beside it
            """)
    void whatIsKeptForOne(String by, String request, String response, String outcome, String why) {
        CacheRules rules = (by.equals("cookie") ? BY_COOKIE : BY_HEADER).forOne();
        Request asked = Request.get(Given.TARGET, Given.headers(request));
        String got = switch (Given.storability(rules, asked, Given.response(200, response))) {
            case Storability.Keep keep -> Long.toString(keep.head().freshness().lifetime() / 1000);
            case Storability.Refuse refuse -> refuse.reason().name();
        };
        assertThat(got).as(why).isEqualTo(outcome);
    }
}
