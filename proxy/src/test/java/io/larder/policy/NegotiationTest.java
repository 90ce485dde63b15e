package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests a variant answers that was fetched by another spelling (RFC 9111 §4.1). */
class NegotiationTest {
    private static final CacheRules.Negotiation PLAIN = new CacheRules.Negotiation(false, false);
    private static final CacheRules.Negotiation SELECT = new CacheRules.Negotiation(true, true);

    private static VaryKey key(CacheRules.Negotiation how, String field, String asked, String answered) {
        return VaryKey.of(how, headers(field, asked), Given.headers("Vary: " + field + answered))
                .orElseThrow();
    }

    private static Headers headers(String field, String value) {
        return value.equals("absent") ? Headers.EMPTY : Headers.of(field, value.equals("empty") ? "" : value);
    }

    @ParameterizedTest(name = "{1} chosen for \"{0}\": \"{2}\" {3} ({4})")
    @CsvSource(delimiter = '!', nullValues = "-", textBlock = """
            gzip, deflate, br, zstd  ! gzip     ! gzip,deflate,br,zstd       ! true  ! RFC 9110 5.6.1: white space
            gzip, deflate, br, zstd  ! gzip     ! zstd, br, gzip, deflate    ! true  ! RFC 9110 12.5.3: order is no preference
            gzip, deflate, br, zstd  ! gzip     ! GZIP, Deflate, BR, ZSTD    ! true  ! RFC 9110 8.4.1: case
            gzip, deflate, br, zstd  ! gzip     ! gzip;q=1, deflate;q=1.0, br;q=1.000, zstd ! true ! RFC 9110 12.4.2
            gzip, deflate, br, zstd  ! gzip     ! gzip, deflate, br          ! true  ! fewer rivals: the same choice
            gzip, deflate, br, zstd  ! gzip     ! gzip                       ! true  ! fewer rivals
            gzip, deflate, br, zstd  ! gzip     ! x-gzip                     ! true  ! RFC 9110 8.4.1.3
            gzip, deflate, br, zstd  ! x-gzip   ! gzip                       ! true  ! RFC 9110 8.4.1.3
            gzip, deflate, br, zstd  ! gzip     ! br                         ! false ! it refuses gzip
            gzip, deflate, br, zstd  ! gzip     ! gzip;q=0, br               ! false ! RFC 9110 12.4.2: q=0 refuses
            gzip, deflate, br, zstd  ! gzip     ! identity                   ! false ! it refuses gzip
            gzip, deflate, br, zstd  ! gzip     ! absent                     ! false ! not everybody understands gzip
            gzip, deflate, br, zstd  ! gzip     ! empty                      ! false ! RFC 9110 12.5.3: no coding at all
            gzip, deflate, br, zstd  ! gzip     ! *;q=0                      ! false ! RFC 9110 12.5.3
            gzip, deflate, br, zstd  ! gzip     ! gzip, *;q=0                ! true  ! all else refused
            gzip, deflate, br, zstd  ! gzip     ! gzip, identity;q=0         ! true  ! identity refused: a rival less
            gzip, deflate, br, zstd  ! gzip     ! *                          ! false ! offers compress too
            gzip, deflate, br, zstd  ! gzip     ! gzip, foo                  ! true  ! nobody has foo
            gzip, deflate, br, zstd  ! gzip     ! gzip;q=0.5, br             ! false ! likes br better
            gzip, deflate, br, zstd  ! gzip     ! gzip, br;q=0.5             ! true  ! likes gzip better still
            gzip, deflate, br, zstd  ! gzip     ! gzip;q=0.5, identity       ! false ! likes identity better
            gzip, deflate, br, zstd  ! br       ! br, gzip                   ! true  ! fewer rivals
            gzip, deflate, br, zstd  ! br       ! gzip                       ! false ! it refuses br
            gzip, deflate, br, zstd  ! -        ! gzip                       ! true  ! the origin codes nothing
            gzip, deflate, br, zstd  ! -        ! absent                     ! true  ! identity suits everybody
            gzip, deflate, br, zstd  ! -        ! empty                      ! true  ! RFC 9110 12.5.3
            gzip, deflate, br, zstd  ! -        ! identity                   ! true  ! RFC 9110 12.5.3
            gzip, deflate, br, zstd  ! -        ! identity;q=0, gzip         ! false ! RFC 9110 12.5.3: identity refused
            gzip, deflate, br, zstd  ! -        ! *;q=0, gzip                ! false ! RFC 9110 12.5.3: identity refused
            gzip, deflate, br, zstd  ! -        ! gzip, *;q=0                ! false ! the same in another order
            gzip                     ! gzip     ! gzip, br                   ! false ! the origin may have br
            gzip                     ! -        ! gzip, br                   ! false ! the origin may have br
            gzip                     ! -        ! gzip;q=0.5                 ! true  ! gzip was no choice before
            absent                   ! -        ! empty                      ! true  ! nothing else to choose
            absent                   ! -        ! identity                   ! true  ! nothing else to choose
            absent                   ! -        ! gzip                       ! false ! the origin may have gzip
            absent                   ! gzip     ! gzip                       ! false ! who said nothing did not choose
            absent                   ! gzip     ! absent                     ! true  ! the same octets
            empty                    ! -        ! absent                     ! true  ! identity suits everybody
            gzip, br                 ! deflate  ! gzip, br                   ! true  ! the same octets, whatever came
            gzip, br                 ! deflate  ! br, gzip                   ! false ! not what was asked for
            gzip, br                 ! gzip, br ! br, gzip                   ! false ! two codings: octets only
            gzip, foo                ! foo      ! foo, gzip                  ! false ! a rare coding: octets only
            gzip;q=2                 ! gzip     ! gzip                       ! false ! RFC 9110 12.4.2: no weight
            gzip;q=2                 ! gzip     ! gzip;q=2                   ! true  ! the same octets
            gzip;q=0.1234            ! gzip     ! gzip                       ! false ! RFC 9110 12.4.2: no weight
            gzip;level=9             ! gzip     ! gzip                       ! false ! no parameter is defined
            gzip, gzip;q=0           ! gzip     ! gzip                       ! false ! contradicts itself
            gzip, x-gzip;q=0.5       ! gzip     ! gzip                       ! false ! contradicts itself
            gzip;q=0.8, br;q=0.9     ! br       ! gzip;q=0.2, br;q=0.4       ! true  ! only the order of weights counts
            """)
    void encodings(String asked, String coding, String other, boolean answers, String why) {
        String answered = coding == null ? "" : " | Content-Encoding: " + coding;
        VaryKey key = key(CacheRules.Negotiation.DEFAULTS, "Accept-Encoding", asked, answered);
        assertThat(key.matches(headers("Accept-Encoding", other))).as(why).isEqualTo(answers);
        assertThat(key(PLAIN, "Accept-Encoding", asked, answered).matches(headers("Accept-Encoding", other)))
                .as("without normalisation")
                .isEqualTo(asked.equals(other));
    }

    @ParameterizedTest(name = "{1} for \"{0}\": \"{2}\" {3}, by favourite {4} ({5})")
    @CsvSource(delimiter = '!', nullValues = "-", textBlock = """
            en, de            ! -      ! de, en             ! true  ! true  ! equals have no order
            en, de            ! -      ! eN, De             ! true  ! true  ! RFC 5646 2.1.1: case
            en, de            ! -      ! en ,   de          ! true  ! true  ! RFC 9110 5.6.1: white space
            en, de            ! -      ! en;q=1.0,de;q=1    ! true  ! true  ! RFC 9110 12.4.2
            en, de            ! -      ! en;q=0.5, de;q=0.5 ! true  ! true  ! only the order of weights counts
            en-US, en;q=0.9   ! -      ! en-US, en;q=0.5    ! true  ! true  ! RFC 4647 2.3: a priority list
            en, de            ! -      ! en, de;q=0.9       ! false ! false ! no equals any more
            en, de            ! -      ! en                 ! false ! false ! another list
            en, de            ! -      ! en, de, fr;q=0     ! false ! false ! refusing is a statement
            en, de            ! -      ! absent             ! false ! false ! RFC 9111 4.1: absent equals absent
            absent            ! -      ! absent             ! true  ! true  ! RFC 9111 4.1
            absent            ! de     ! de                 ! false ! false ! nothing was compared
            en, de            ! de     ! fr;q=0.5, de;q=1.0 ! false ! true  ! its favourite
            en, de            ! de     ! DE                 ! false ! true  ! its favourite
            en, de            ! DE     ! de, en;q=0.5       ! false ! true  ! its favourite
            en, de            ! de     ! de, fr             ! false ! false ! two favourites
            en, de            ! de     ! *                  ! false ! false ! no favourite
            en, de            ! de     ! de;q=0             ! false ! false ! refused
            en, de            ! de     ! de-AT              ! false ! false ! another language tag
            en, de            ! de, en ! de                 ! false ! false ! a page in two languages
            en, de            ! en     ! de                 ! false ! false ! another language
            de;;q=1           ! -      ! de                 ! false ! false ! no list of languages
            de;;q=1           ! -      ! de;;q=1            ! true  ! true  ! the same octets
            """)
    void languages(String asked, String language, String other, boolean answers, boolean selected, String why) {
        String answered = language == null ? "" : " | Content-Language: " + language;
        Headers request = headers("Accept-Language", other);
        assertThat(key(CacheRules.Negotiation.DEFAULTS, "Accept-Language", asked, answered)
                        .matches(request))
                .as(why)
                .isEqualTo(answers);
        assertThat(key(SELECT, "Accept-Language", asked, answered).matches(request))
                .as(why + ", select-language")
                .isEqualTo(selected);
        assertThat(key(PLAIN, "Accept-Language", asked, answered).matches(request))
                .as("without normalisation")
                .isEqualTo(asked.equals(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            Cookie              ! a=1,2          ! a=1, 2
            Authorization       ! Digest a=1,b=2 ! Digest a=1, b=2
            Proxy-Authorization ! Digest a=1,b=2 ! Digest a=1, b=2
            """)
    void credentialsAreComparedOctetByOctet(String field, String one, String other) {
        VaryKey key = key(SELECT, field, one, "");
        assertThat(key.matches(Headers.of(field, other))).isFalse();
        assertThat(key.matches(Headers.of(field, one))).isTrue();
        assertThat(key).doesNotHaveToString(one).asString().doesNotContain("a=1");
    }

    @Test
    void aLongValueIsComparedOctetByOctet() {
        String list = "a".repeat(8).concat(",").repeat(200);
        VaryKey key = key(SELECT, "Accept-Language", list + "de,en", "");
        assertThat(key.matches(Headers.of("Accept-Language", list + "en,de"))).isFalse();
        assertThat(key.matches(Headers.of("Accept-Language", list + "de,en"))).isTrue();
    }

    private static Stored variant(String accept, String coding) {
        String fields = "Cache-Control: max-age=60 | Vary: Accept-Encoding"
                + (coding.isEmpty() ? "" : " | Content-Encoding: " + coding);
        return Given.stored(CacheRules.DEFAULTS, Given.get("Accept-Encoding", accept), Given.response(200, fields));
    }

    @Test
    void aBroaderAnswerTakesThePlaceOfNarrowerOnesInTheSameCoding() {
        Stored broad = variant("gzip, br", "gzip");
        Variants all = Variants.of(variant("gzip", "gzip")).with(broad);
        assertThat(all.all()).containsExactly(broad);
        Stored plain = variant("br", "br");
        assertThat(all.with(plain).all()).containsExactly(plain, broad);
        assertThat(Variants.of(broad).with(variant("gzip", "gzip")).all()).hasSize(2);
    }

    /** An origin that has some codings, likes them in some order of its own, and honours what clients like better. */
    private record Chooser(List<String> has, boolean clientFirst) {
        String choose(int[] weights) {
            String best = "identity";
            int most = weights[0];
            for (String coding : has) {
                int weight = weights[CODINGS.indexOf(coding)];
                boolean better = clientFirst ? weight > most : most < 0 || best.equals("identity");
                if (weight > 0 && better) {
                    best = coding;
                    most = weight;
                }
            }
            return best;
        }
    }

    private static final List<String> CODINGS = List.of("identity", "gzip", "br", "zstd", "deflate");

    private static int[] weights(Random random) {
        int[] weights = new int[CODINGS.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i == 0 ? 0 : random.nextInt(4) - 1; // nothing is said of identity
        }
        return weights;
    }

    private static String field(int[] weights) {
        List<String> members = new ArrayList<>();
        for (int i = 1; i < weights.length; i++) {
            if (weights[i] >= 0) {
                members.add(CODINGS.get(i) + ";q=0." + (weights[i] == 0 ? "0" : weights[i]));
            }
        }
        return String.join(", ", members);
    }

    @Test
    void noClientIsGivenACodingThatItsOwnRequestWouldNotHaveBrought() {
        Random random = new Random(12_5_3);
        int answered = 0;
        for (int i = 0; i < 100_000; i++) {
            List<String> has = new ArrayList<>(CODINGS.subList(1, CODINGS.size()));
            Collections.shuffle(has, random);
            Chooser origin = new Chooser(has.subList(0, random.nextInt(5)), random.nextBoolean());
            int[] first = weights(random);
            int[] second = weights(random);
            String coding = origin.choose(first);
            String said = coding.equals("identity") ? "" : " | Content-Encoding: " + coding;
            VaryKey key = key(CacheRules.Negotiation.DEFAULTS, "Accept-Encoding", field(first), said);
            if (key.matches(Headers.of("Accept-Encoding", field(second)))) {
                answered++;
                assertThat(origin.choose(second)).isEqualTo(coding);
            }
        }
        assertThat(answered).isGreaterThan(10_000);
    }
}
