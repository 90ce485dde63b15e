package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaryKeyTest {

    private static VaryKey of(String request, String vary) {
        return VaryKey.of(CacheRules.Negotiation.DEFAULTS, Given.headers(request), Headers.of("Vary", vary))
                .orElseThrow();
    }

    @ParameterizedTest(name = "Vary {0}: {1} for {2} -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            Foo         ; Foo: 1                     ; Foo: 1                     ; true  ; RFC 9111 4.1
            Foo         ; Foo: 1                     ; Foo: 2                     ; false ; RFC 9111 4.1
            Foo         ; Foo: 1                     ; X: y                       ; false ; RFC 9111 4.1: absent equals absent
            Foo         ; X: y                       ; Foo: 1                     ; false ; RFC 9111 4.1
            Foo         ; X: y                       ; X: z                       ; true  ; RFC 9111 4.1
            Foo         ; Foo:                       ; X: y                       ; false ; RFC 9111 4.1: empty is not absent
            foo         ; FOO: 1                     ; fOO: 1                     ; true  ; RFC 9110 5.1
            Foo, Bar    ; Foo: 1 | Bar: a            ; Foo: 1 | Bar: a            ; true  ; RFC 9111 4.1
            Foo, Bar    ; Foo: 1 | Bar: a            ; Bar: a | Foo: 1            ; true  ; RFC 9111 4.1: whatever the order
            Foo, Bar    ; Foo: 1 | Bar: a            ; Foo: 1 | Bar: b            ; false ; RFC 9111 4.1
            Foo, Bar    ; Foo: 1 | Bar: a            ; Foo: a | Bar: 1            ; false ; RFC 9111 4.1
            Foo         ; Foo: 1 | Other: 1          ; Foo: 1 | Other: 2          ; true  ; RFC 9111 4.1: others do not count
            Foo         ; Foo: 1,2                   ; Foo: 1, 2                  ; true  ; RFC 9111 4.1: white space
            Foo         ; Foo: 1, 2                  ; Foo:  1 ,  2               ; true  ; RFC 9111 4.1
            Foo         ; Foo: 1, 2                  ; Foo: 1 | Foo: 2            ; true  ; RFC 9111 4.1: combined
            Foo         ; Foo: 1 | Foo: 2            ; Foo: 2 | Foo: 1            ; false ; order may matter
            Foo         ; Foo: 1, 2                  ; Foo: 12                    ; false ; RFC 9111 4.1
            Foo         ; Foo: "1, 2"                ; Foo: "1,2"                 ; false ; RFC 9110 5.6.4: quoted
            Cookie      ; Cookie: a=1,2              ; Cookie: a=1, 2             ; false ; RFC 6265 4.2: no list
            Accept      ; Accept: a                  ; Accept: A                  ; false ; RFC 9111 4.1
            """)
    void matching(String vary, String first, String second, boolean matches, String section) {
        VaryKey key = of(first, vary);
        assertThat(key.matches(Given.headers(second))).as(section).isEqualTo(matches);
        assertThat(key.equals(of(second, vary))).as(section).isEqualTo(matches);
        assertThat(key.identity().equals(of(second, vary).identity()))
                .as(section)
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Foo: 1, 2 | Cookie: a=1",
                "Foo: \"a | Foo: b\"", // as two lines it is another list than as one
                "Accept-Encoding: gzip, br | Accept-Language: de, en;q=0.5",
                "Accept-Encoding: gzip;q=9 | Accept-Language: de;q=9",
            })
    void aKeyThatWasTakenApartIsPutTogetherAgain(String request) {
        VaryKey key = of(request, "Foo, accept-encoding, Accept-Language, Cookie");
        VaryKey again = VaryKey.of(key.how(), key.terms()).orElseThrow();
        assertThat(again).isEqualTo(key).hasToString(key.toString());
        assertThat(again.terms()).isEqualTo(key.terms());
        assertThat(again.how()).isEqualTo(key.how());
    }

    @Test
    void everyMemberOfEveryLineCounts() {
        Headers response = Headers.of("Vary", "", "Vary", "foo, Bar", "vary", "FOO");
        VaryKey key = VaryKey.of(CacheRules.Negotiation.DEFAULTS, Given.headers("Foo: 1"), response)
                .orElseThrow();
        assertThat(key.names()).hasSize(2);
        assertThat(key.matches(Given.headers("Foo: 1"))).isTrue();
        assertThat(key.matches(Given.headers("Foo: 1 | Bar: 1"))).isFalse();
        assertThat(key.includes(Fields.COOKIE)).isFalse();
    }

    @Test
    void withoutVaryAllRequestsAreOne() {
        assertThat(VaryKey.of(CacheRules.Negotiation.DEFAULTS, Given.headers("Foo: 1"), Headers.EMPTY))
                .contains(VaryKey.NONE);
        assertThat(VaryKey.of(CacheRules.Negotiation.DEFAULTS, Given.headers("Foo: 1"), Headers.of("Vary", " , ")))
                .contains(VaryKey.NONE);
        assertThat(VaryKey.NONE.matches(Given.headers("Foo: 1"))).isTrue();
    }

    @Test
    void theOrderOfNamesAndTheirCaseDoNotTellKeysApart() {
        VaryKey one = of("Foo: 1 | Bar: 2", "Foo, Bar");
        VaryKey other = of("Bar: 2 | Foo: 1", "bar, foo");
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.identity()).isEqualTo(other.identity());
    }

    @Test
    void aKeyAlwaysMatchesTheRequestThatMadeIt() {
        Random random = new Random(41);
        String[] values = {"", " ", "a", ",", "a,b", "\"", "\"a,", "\\", "*", "a , b", "\u00e9", "a\tb"};
        for (int i = 0; i < 20_000; i++) {
            Headers request = Headers.of(
                    "A",
                    values[random.nextInt(values.length)].trim(),
                    "B",
                    values[random.nextInt(values.length)].trim());
            String vary = values[random.nextInt(values.length)] + ",A" + (random.nextBoolean() ? ",B" : "");
            boolean star = vary.contains("*")
                    || vary.contains("\"")
                    || vary.contains("\\")
                    || vary.contains("\u00e9")
                    || vary.contains("\t");
            assertThat(VaryKey.of(CacheRules.Negotiation.DEFAULTS, request, Headers.of("Vary", vary))
                            .map(key -> key.matches(request))
                            .orElse(!star))
                    .as(vary)
                    .isEqualTo(!star);
        }
    }
}
