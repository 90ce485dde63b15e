package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.CacheControl;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoverningTest {
    private static Governing of(String targets, String lines) {
        List<FieldName> names = Arrays.stream(targets.split(" "))
                .filter(name -> !name.equals("-"))
                .map(FieldName::of)
                .toList();
        CacheRules.Lifetimes rules =
                new CacheRules.Lifetimes(null, null, false, Map.of(), names, 0, Duration.ofDays(40_000));
        return Governing.of(rules, Given.headers(lines), Given.NOW);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2} ({3})")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            CDN-Cache-Control   ! X: y                                                   ! Cache-Control      ! RFC 9111 5.2
            CDN-Cache-Control   ! Cache-Control: max-age=1                               ! Cache-Control      ! RFC 9111 5.2
            CDN-Cache-Control   ! Cache-Control: max-age=1 | CDN-Cache-Control: max-age=2 ! CDN-Cache-Control ! RFC 9213 2.2
            -                   ! Cache-Control: max-age=1 | CDN-Cache-Control: max-age=2 ! Cache-Control     ! RFC 9213 2.2: not on the list
            A-Cache-Control CDN-Cache-Control ! A-Cache-Control: public | CDN-Cache-Control: no-store ! A-Cache-Control ! RFC 9213 2.2: the first on the list
            A-Cache-Control CDN-Cache-Control ! CDN-Cache-Control: public | A-Cache-Control: no-store ! A-Cache-Control ! RFC 9213 2.2: whatever the order of the fields
            A-Cache-Control CDN-Cache-Control ! A-Cache-Control: , | CDN-Cache-Control: no-store ! CDN-Cache-Control ! RFC 9213 2.2: the first that is valid
            CDN-Cache-Control   ! Cache-Control: max-age=1 | CDN-Cache-Control:          ! Cache-Control      ! RFC 9213 2.2: empty
            CDN-Cache-Control   ! Cache-Control: max-age=1 | CDN-Cache-Control: max-age=2, &&& ! Cache-Control ! RFC 9213 2.2: malformed anywhere
            CDN-Cache-Control   ! Cache-Control: max-age=1 | CDN-Cache-Control: max-age =2 ! Cache-Control    ! RFC 9213 2.2: malformed
            CDN-Cache-Control   ! Cache-Control: max-age=1 | CDN-Cache-Control: MAX-AGE=2 ! Cache-Control     ! RFC 9651 3.1.2: lower case
            CDN-Cache-Control   ! CDN-Cache-Control: max-age=2 | CDN-Cache-Control: public ! CDN-Cache-Control ! RFC 9651 4.2: lines are joined
            CDN-Cache-Control   ! CDN-Cache-Control: max-age=2 | CDN-Cache-Control: ,public ! Cache-Control   ! RFC 9651 4.2: lines are joined
            CDN-Cache-Control   ! CDN-Cache-Control: whatever                            ! CDN-Cache-Control  ! RFC 9213 2.2: valid and not empty
            CDN-Cache-Control   ! CDN-Cache-Control: max-age=2 | Surrogate-Control: max-age=3 ! CDN-Cache-Control ! RFC 9213 2.2: before all others
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: max-age=3 ! Surrogate-Control ! Edge Architecture 2.3
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: no-store ! Surrogate-Control  ! Edge Architecture 2.3
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: content="ESI/1.0" ! Cache-Control ! Edge Architecture 2.3: says nothing of storing
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: content="max-age=3" ! Cache-Control ! Edge Architecture 2.3: quoted
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: no-store-remote ! Cache-Control ! Edge Architecture 2.3: we are near
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: max-age=3;other ! Cache-Control ! Edge Architecture 2.4: for another
            CDN-Cache-Control   ! Cache-Control: max-age=1 | Surrogate-Control: max-age=3;larder ! Surrogate-Control ! Edge Architecture 2.4: for us
            CDN-Cache-Control   ! X-Accel-Expires: 5 | Surrogate-Control: max-age=3      ! Surrogate-Control  ! before nginx's own
            CDN-Cache-Control   ! X-Accel-Expires: 5 | Cache-Control: max-age=1          ! X-Accel-Expires    ! nginx
            CDN-Cache-Control   ! X-Accel-Expires: five | Cache-Control: max-age=1       ! Cache-Control      ! nginx: no number
            CDN-Cache-Control   ! X-Accel-Expires: -5 | Cache-Control: max-age=1         ! Cache-Control      ! nginx: no number
            CDN-Cache-Control   ! X-Accel-Expires: @ | Cache-Control: max-age=1          ! Cache-Control      ! nginx: no number
            CDN-Cache-Control   ! X-Accel-Expires: | Cache-Control: max-age=1            ! Cache-Control      ! nginx: no number
            """)
    void theFieldThatGoverns(String targets, String lines, String field, String section) {
        assertThat(of(targets, lines).field()).as(section).isEqualTo(FieldName.of(field));
    }

    @ParameterizedTest(name = "{0} -> {1} = {2} ({3})")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            CDN-Cache-Control: max-age=60                            ! max-age                ! 60         ! RFC 9213 2.1
            CDN-Cache-Control: max-age=0                             ! max-age                ! 0          ! RFC 9213 2.1
            CDN-Cache-Control: max-age="60"                          ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=60.0                          ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age                               ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=a60                           ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=-60                           ! max-age                ! 0          ! RFC 9111 4.2.1
            CDN-Cache-Control: max-age=(60)                          ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=:aGk=:                        ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=@60                           ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            CDN-Cache-Control: max-age=99999999999                   ! max-age                ! 2147483648 ! RFC 9111 1.2.2
            CDN-Cache-Control: max-age=1, max-age=60                 ! max-age                ! 60         ! RFC 9651 4.2.2: the last
            CDN-Cache-Control: max-age=60;foo=bar                    ! max-age                ! 60         ! RFC 9213 2.1: parameters are ignored
            CDN-Cache-Control: max-age=?0                            ! max-age                ! -1         ! said to be false
            CDN-Cache-Control: s-maxage=60, max-age=1                ! s-maxage               ! 60         ! RFC 9213 2.1
            CDN-Cache-Control: extension="max-age=60"                ! max-age                ! -1         ! RFC 9213 2.1
            CDN-Cache-Control: stale-while-revalidate=5              ! stale-while-revalidate ! 5          ! RFC 5861 3
            CDN-Cache-Control: max-age=%"x"                          ! max-age                ! 0          ! RFC 9213 2.1: no Integer
            Surrogate-Control: max-age=60                            ! max-age                ! 60         ! Edge Architecture 2.3
            Surrogate-Control: MAX-AGE=60                            ! max-age                ! 60         ! Edge Architecture 2.3
            Surrogate-Control: max-age=60+5                          ! max-age                ! 60         ! Edge Architecture 2.3
            Surrogate-Control: max-age=60+5                          ! stale-while-revalidate ! 5          ! Edge Architecture 2.3
            Surrogate-Control: max-age=60+x                          ! stale-while-revalidate ! 0          ! Edge Architecture 2.3
            Surrogate-Control: max-age=x+5                           ! max-age                ! 0          ! RFC 9111 4.2.1
            Surrogate-Control: max-age=60, stale-if-error=7          ! stale-if-error         ! 7          ! RFC 5861 4
            Surrogate-Control: max-age=1, max-age=60;larder          ! max-age                ! 60         ! Edge Architecture 2.4: ours first
            Surrogate-Control: max-age=60;other, max-age=1           ! max-age                ! 1          ! Edge Architecture 2.4
            Surrogate-Control: content="a;b", max-age=60             ! max-age                ! 60         ! RFC 9110 5.6.4
            Surrogate-Control: content="a\\";max-age=3", max-age=60  ! max-age                ! 60         ! RFC 9110 5.6.4
            X-Accel-Expires: 60                                      ! max-age                ! 60         ! nginx
            X-Accel-Expires: @1                                      ! max-age                ! 0          ! nginx: past
            X-Accel-Expires: 999999999999999999                      ! max-age                ! 2147483648 ! RFC 9111 1.2.2
            """)
    void durations(String lines, String directive, long seconds, String section) {
        assertThat(of("CDN-Cache-Control", lines).seconds(directive))
                .as(section)
                .isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "0, 0", "-5, 0"})
    void anAbsoluteTimeOfNginxs(long ahead, long seconds) {
        Headers headers =
                Headers.of("X-Accel-Expires", "@" + Given.NOW.plusSeconds(ahead).getEpochSecond());
        Governing governing = Governing.of(CacheRules.Lifetimes.FROM_RESPONSE, headers, Given.NOW);
        assertThat(governing.seconds("max-age")).isEqualTo(seconds);
    }

    @ParameterizedTest(name = "{0} -> {1} by {2}")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            CDN-Cache-Control: max-age=60 | Age: 50 | Expires: [-9]   ! 10 ! MAX_AGE         ! RFC 9213 2.2: Age counts
            CDN-Cache-Control: max-age=60 | Cache-Control: s-maxage=5 ! 60 ! MAX_AGE         ! RFC 9213 2.2
            CDN-Cache-Control: public | Expires: [+60]                ! 0  ! NONE            ! RFC 9213 2.2
            Surrogate-Control: max-age=60 | Age: 50                   ! 10 ! MAX_AGE         ! RFC 9111 4.2.3
            X-Accel-Expires: 60 | Age: 50                             ! 60 ! X_ACCEL_EXPIRES ! nginx: from receipt
            X-Accel-Expires: 60 | Date: [-50]                         ! 60 ! X_ACCEL_EXPIRES ! nginx: from receipt
            """)
    void freshness(String lines, long left, Freshness.Origin origin, String section) {
        Stored stored = Given.stored(lines + " | ETag: \"a\"");
        assertThat(stored.left(Given.NOW)).as(section).isEqualTo(left * 1000);
        assertThat(stored.head().freshness().origin()).as(section).isEqualTo(origin);
    }

    @ParameterizedTest(name = "{0} -> always {1}, never {2}, {3}, {4}")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            CDN-Cache-Control: max-age=1 | Cache-Control: must-revalidate   ! false ! false ! -1 ! -1
            CDN-Cache-Control: max-age=1, must-revalidate                   ! false ! true  ! -1 ! -1
            CDN-Cache-Control: max-age=1 | Cache-Control: stale-if-error=9  ! false ! false ! -1 ! -1
            CDN-Cache-Control: no-cache, stale-if-error=9                   ! true  ! true  ! -1 ! 9
            Cache-Control: max-age=1, no-cache="x"                          ! false ! false ! -1 ! -1
            Surrogate-Control: max-age=1+9 | Cache-Control: no-cache        ! false ! false ! 9  ! -1
            X-Accel-Expires: 1 | Cache-Control: s-maxage=4                  ! false ! false ! -1 ! -1
            """)
    void itsTermsForStaleUse(String lines, boolean always, boolean never, long whileRevalidate, long ifError) {
        assertThat(StaleTerms.of(of("CDN-Cache-Control", lines)))
                .isEqualTo(new StaleTerms(always, never, whileRevalidate, ifError));
        assertThat(CacheControl.ABSENT).isEqualTo(-1);
    }
}
