package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevalidationTest {
    private static final String OLD =
            "ETag: \"a\" | Last-Modified: [-3000] | Cache-Control: max-age=2 | Test-Header: old"
                    + " | Content-Type: text/plain | Content-Encoding: gzip | Keep: 1 | Age: 30";

    private static Revalidation with(String stored, String update) {
        return with(CacheRules.DEFAULTS, Given.get(), Given.stored(stored), update);
    }

    private static Revalidation with(CacheRules rules, Request request, Stored stored, String update) {
        return Revalidation.of(rules, request, stored, Given.response(304, update), Given.after(10), Given.after(10));
    }

    private static Stored freshened(String stored, String update) {
        if (with(stored, update) instanceof Revalidation.Freshened freshened) {
            return freshened.stored();
        }
        throw new AssertionError("not freshened");
    }

    @Test
    void theStoredValidatorsTakeThePlaceOfTheClientsConditions() { // RFC 9111 §4.3.1
        Request request = Given.get(
                "If-None-Match", "\"x\"",
                "If-Modified-Since", Given.at(0),
                "Accept", "a",
                "If-Match", "\"x\"",
                "If-Unmodified-Since", Given.at(0),
                "If-Range", "\"x\"",
                "Range", "bytes=0-1",
                "Accept", "b");
        Headers sent = Revalidation.request(request, Given.stored("ETag: W/\"a\\\" | Last-Modified: [-3000]"))
                .headers();
        assertThat(sent)
                .isEqualTo(Headers.of(
                        "Accept",
                        "a",
                        "Accept",
                        "b",
                        "If-None-Match",
                        "W/\"a\\\"",
                        "If-Modified-Since",
                        Given.at(-3000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ETag: unquoted",
                "ETag: w/\"x\"",
                "ETag: \"caf\u00e9\"",
                "Last-Modified: Sunday, 06-Nov-94 08:49:37 GMT"
            })
    void validatorsGoOutOctetByOctet(String line) {
        Headers sent = Revalidation.request(Given.get(), Given.stored(line)).headers();
        assertThat(sent.value(0)).isEqualTo(line.substring(line.indexOf(' ') + 1));
        assertThat(sent.size()).isEqualTo(1);
    }

    @Test
    void withoutValidatorsItIsAPlainRequest() {
        Request request = Given.get("If-None-Match", "\"x\"", "Foo", "1");
        Headers sent = Revalidation.request(request, Given.stored("Cache-Control: max-age=1"))
                .headers();
        assertThat(sent).isEqualTo(Headers.of("Foo", "1"));
    }

    @Test
    void whatThe304BringsReplacesTheRestStays() { // RFC 9111 §3.2
        Stored now = freshened(
                OLD,
                "ETag: \"a\" | Date: [+10] | Cache-Control: max-age=60 | Test-Header: new | Added: 1 | Added: 2"
                        + " | Content-Type: text/html | Content-Encoding: br | Content-Length: 10"
                        + " | Connection: X-Hop | X-Hop: 1 | Keep-Alive: timeout=5");
        assertThat(now.headers())
                .isEqualTo(Headers.of(
                        "Last-Modified", Given.at(-3000),
                        "Content-Encoding", "gzip",
                        "Keep", "1",
                        "ETag", "\"a\"",
                        "Date", Given.at(10),
                        "Cache-Control", "max-age=60",
                        "Test-Header", "new",
                        "Added", "1",
                        "Added", "2",
                        "Content-Type", "text/html"));
        assertThat(now.body()).isSameAs(Given.BODY);
        assertThat(now.status()).isEqualTo(200);
    }

    @Test
    void freshnessAndAgeBeginAnew() { // RFC 9111 §4.3.4
        Stored same = freshened(OLD, "ETag: \"a\" | Date: [+10]");
        assertThat(same.isFresh(Given.after(11.9))).isTrue();
        assertThat(same.isFresh(Given.after(12))).isFalse();
        assertThat(same.ageSeconds(Given.after(10))).isZero();
        assertThat(same.headers().contains(Fields.AGE)).isFalse();
        Stored aged = freshened(OLD, "Date: [+10] | Age: 1");
        assertThat(aged.ageSeconds(Given.after(10))).isEqualTo(1);
        assertThat(aged.headers().contains(Fields.AGE)).isFalse();
    }

    @Test
    void a304WithoutDateIsAsOldAsItsReceipt() { // RFC 9110 §6.6.1
        Stored now = freshened("ETag: \"a\" | Date: [-500] | Cache-Control: max-age=2", "ETag: \"a\"");
        assertThat(now.headers().all(Fields.DATE)).containsExactly(Given.at(10));
        assertThat(now.isFresh(Given.after(11))).isTrue();
    }

    @ParameterizedTest(name = "stored {0}, 304 {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            ETag: "a"                        ; ETag: "a"                        ; true  ; RFC 9111 4.3.4
            ETag: "a"                        ; ETag: "b"                        ; false ; RFC 9111 4.3.4: another representation
            ETag: "a"                        ; ETag: W/"a"                      ; true  ; RFC 9111 4.3.4
            ETag: W/"a"                      ; ETag: W/"a"                      ; true  ; RFC 9111 4.3.4
            ETag: W/"a"                      ; ETag: W/"b"                      ; false ; RFC 9111 4.3.4
            ETag: "a"                        ; X: y                             ; true  ; RFC 9111 4.3.4: the only one
            ETag: "a" | Last-Modified: [-9]  ; Last-Modified: [-9]              ; true  ; RFC 9111 4.3.4
            ETag: "a" | Last-Modified: [-9]  ; Last-Modified: [-8]              ; false ; RFC 9111 4.3.4
            ETag: "a" | Last-Modified: [-9]  ; ETag: "a" | Last-Modified: [-8]  ; true  ; RFC 9111 4.3.4: the tag decides
            Last-Modified: [-9]              ; Last-Modified: [-9]              ; true  ; RFC 9111 4.3.4
            Last-Modified: [-9]              ; Last-Modified: [-8]              ; false ; RFC 9111 4.3.4
            Last-Modified: [-9]              ; ETag: W/"b" | Last-Modified: [-9] ; true ; RFC 9111 4.3.4: a weak one corresponds
            Last-Modified: [-9]              ; ETag: "b" | Last-Modified: [-9]  ; false ; RFC 9111 4.3.4: none has the strong one
            ETag: W/"a"                      ; ETag: "a"                        ; false ; RFC 9111 4.3.4: none has the strong one
            ETag: "a"                        ; Last-Modified: [-9]              ; false ; RFC 9111 4.3.4: none has the weak one
            ETag: W/"a" | Last-Modified: [-9] ; ETag: W/"b" | Last-Modified: [-9] ; false ; RFC 9110 8.8.2: the tag is the better one
            Last-Modified: [-9]              ; ETag: "b"                        ; false ; RFC 9111 4.3.4: no stored one has it
            Cache-Control: max-age=1         ; X: y                             ; true  ; RFC 9111 4.3.4
            """)
    void onlyWhatItIsAboutIsUpdated(String stored, String update, boolean updated, String section) {
        assertThat(with(stored + " | Cache-Control: max-age=5", update) instanceof Revalidation.Freshened)
                .as(section)
                .isEqualTo(updated);
        assertThat(with(stored + " | Cache-Control: max-age=5", update) instanceof Revalidation.Mismatch)
                .as(section)
                .isEqualTo(!updated);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = ';', textBlock = """
            Cache-Control: no-store                    ; NO_STORE
            Cache-Control: private, max-age=60         ; PRIVATE
            Cache-Control: max-age=60 | Set-Cookie: a=b; SET_COOKIE
            Vary: *                                    ; VARY_STAR
            """)
    void whatIsForThisClientOnlyIsNotStored(String update, Reason reason) {
        if (!(with(OLD, update) instanceof Revalidation.ForThisOnly only)) {
            throw new AssertionError("it must not be stored");
        }
        assertThat(only.reason()).isEqualTo(reason);
        Headers served = only.stored().headers();
        Headers said = Given.headers(update);
        assertThat(served.value(served.indexOf(FieldName.of(said.name(0)), 0))).isEqualTo(said.value(0));
        assertThat(served.all(Fields.SET_COOKIE)).isEqualTo(said.all(Fields.SET_COOKIE));
        assertThat(only.stored().ageSeconds(Given.after(10))).isZero();
    }

    @ParameterizedTest(name = "{0} -> updates the other: {1} ({2})")
    @CsvSource(delimiter = ';', textBlock = """
            ETag: "a"    ; true  ; RFC 9111 4.3.4: all with the strong validator
            ETag: W/"a"  ; false ; RFC 9111 4.3.4: of weak ones only the most recent
            X: y         ; false ; RFC 9111 4.3.4
            """)
    void othersWithTheSameStrongValidatorAreUpdatedToo(String update, boolean also, String section) {
        Stored plain = Given.stored("ETag: \"a\" | Cache-Control: max-age=1");
        Stored other = Given.stored("ETag: \"a\" | Cache-Control: max-age=1 | Vary: Foo");
        Stored unlike = Given.stored("ETag: \"b\" | Cache-Control: max-age=1 | Vary: Bar");
        Stored unselected = Given.stored(
                CacheRules.DEFAULTS,
                Given.get("Baz", "1"),
                Given.response(200, "ETag: \"a\" | Cache-Control: max-age=1 | Vary: Baz"));
        Variants all = Variants.of(unselected).with(unlike).with(other).with(plain);
        assertThat(Revalidation.alsoAbout(Given.get(), all, plain, Given.response(304, update)))
                .as(section)
                .isEqualTo(also ? List.of(other) : List.of());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"Cache-Control: max-age=9, private=\"x-own\"", "Cache-Control: max-age=9, no-cache=\"x-own\""})
    void whatA304NamesAsOneClientsIsForTheOneWhoAsked(String control) { // RFC 9111 §5.2.2.4, §5.2.2.7
        Revalidation outcome = with(OLD, "ETag: \"a\" | X-Own: 1 | " + control);
        if (!(outcome instanceof Revalidation.Freshened(Stored renewed, Stored own))) {
            throw new AssertionError("not freshened");
        }
        FieldName name = FieldName.of("X-Own");
        assertThat(renewed.headers().contains(name)).isFalse();
        assertThat(own.headers().first(name)).isEqualTo("1");
        assertThat(own.body()).isSameAs(renewed.body());
    }

    @Test
    void whatTheOriginSaidToUsAloneStaysAcrossA304() { // RFC 9111 §3.2
        Stored old = Given.stored("ETag: \"a\" | Surrogate-Control: max-age=60 | Cache-Control: no-store");
        assertThat(old.headers().contains(Fields.SURROGATE_CONTROL)).isFalse();
        if (!(with(CacheRules.DEFAULTS, Given.get(), old, "ETag: \"a\"")
                instanceof Revalidation.Freshened(Stored renewed, Stored own))) {
            throw new AssertionError("not freshened");
        }
        assertThat(renewed.isFresh(Given.after(69))).isTrue();
        assertThat(renewed.head().surrogate().first(Fields.SURROGATE_CONTROL)).isEqualTo("max-age=60");
        assertThat(own).isSameAs(renewed);
        Stored shorter = freshened("ETag: \"a\" | X-Accel-Expires: 60", "X-Accel-Expires: 5");
        assertThat(shorter.isFresh(Given.after(14))).isTrue();
        assertThat(shorter.isFresh(Given.after(15))).isFalse();
    }

    @Test
    void aHeadMayFreshenWhatGetStored() {
        Revalidation outcome =
                with(CacheRules.DEFAULTS, Given.get().withMethod("HEAD"), Given.stored(OLD), "ETag: \"a\"");
        assertThat(outcome).isInstanceOf(Revalidation.Freshened.class);
    }

    @Test
    void theVariantStaysItsOwn() {
        Request request = Given.get("Foo", "1");
        Stored stored = Given.stored(
                CacheRules.DEFAULTS,
                request,
                Given.response(200, "ETag: \"a\" | Vary: Foo | Cache-Control: max-age=1"));
        if (!(with(CacheRules.DEFAULTS, request, stored, "ETag: \"a\"") instanceof Revalidation.Freshened fresh)) {
            throw new AssertionError("not freshened");
        }
        assertThat(fresh.stored().vary()).isEqualTo(stored.vary());
    }
}
