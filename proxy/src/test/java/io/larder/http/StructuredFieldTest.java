package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredFieldTest {
    private static final String ABSENT = "-";

    /** As the serialisation of RFC 9651 §4.1 would have it. */
    private static String text(Item item) {
        return switch (item) {
            case Item.Whole(long value) -> Long.toString(value);
            case Item.Decimal(long thousandths) -> thousandths + "/1000";
            case Item.Text(String value) -> "'" + value + "'";
            case Item.Token(String value) -> value;
            case Item.Octets(Bytes value) -> ":" + value.toUtf8() + ":";
            case Item.Switch(boolean on) -> on ? "?1" : "?0";
            case Item.Moment(Instant value) -> "@" + value.getEpochSecond();
            case Item.Display(String value) -> "%'" + value + "'";
            case Item.Inner(List<Item> items) ->
                items.stream().map(StructuredFieldTest::text).collect(Collectors.joining(" ", "(", ")"));
        };
    }

    @ParameterizedTest(name = "{0} -> {1} ({2})")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            0                          ! 0                  ! 3.3.1
            -0                         ! 0                  ! 3.3.1
            042                        ! 42                 ! 4.2.4
            -00                        ! 0                  ! 4.2.4
            999999999999999            ! 999999999999999    ! 3.3.1: 15 digits
            -999999999999999           ! -999999999999999   ! 3.3.1
            1000000000000000           ! -                  ! 3.3.1: 16 digits
            0000000000000001           ! -                  ! 4.2.4: 16 digits
            -                          ! -                  ! 4.2.4
            --1                        ! -                  ! 4.2.4
            +1                         ! -                  ! 4.2.4
            1 2                        ! -                  ! 4.2: nothing may follow
            ~  1  ~                    ! 1                  ! 4.2
            ~\t1~                      ! -                  ! 4.2: spaces only
            1.5                        ! 1500/1000          ! 3.3.2
            -1.25                      ! -1250/1000         ! 3.3.2
            1.125                      ! 1125/1000          ! 3.3.2
            1.1255                     ! -                  ! 3.3.2: three digits after the point
            1.                         ! -                  ! 4.2.4
            .5                         ! -                  ! 4.2.4
            1.5.5                      ! -                  ! 4.2.4
            999999999999.999           ! 999999999999999/1000 ! 3.3.2
            1000000000000.0            ! -                  ! 3.3.2: 12 digits before the point
            0000000000001.0            ! -                  ! 4.2.4
            ""                         ! ''                 ! 3.3.3
            "a b"                      ! 'a b'              ! 3.3.3
            "a\\"b\\\\"                ! 'a"b\\'            ! 4.2.5
            "a\\b"                     ! -                  ! 4.2.5
            "a                         ! -                  ! 4.2.5
            "a\\                       ! -                  ! 4.2.5
            "é"                        ! -                  ! 3.3.3: ASCII only
            ~"\t"~                     ! -                  ! 3.3.3
            'a'                        ! -                  ! 4.2.3.1
            token                      ! token              ! 3.3.4
            Token                      ! Token              ! 3.3.4
            *a/b:c                     ! *a/b:c             ! 3.3.4
            a#$%&'*+-.^_`|0            ! a#$%&'*+-.^_`|0    ! 3.3.4
            a(                         ! -                  ! 3.3.4
            :aGVsbG8=:                 ! :hello:            ! 3.3.5
            :aGVsbG8:                  ! :hello:            ! 4.2.7: padding may be missing
            ::                         ! ::                 ! 3.3.5
            :a=b:                      ! -                  ! 4.2.7
            :aGV sbG8=:                ! -                  ! 4.2.7
            :aGVsbG8=                  ! -                  ! 4.2.7
            :_-8=:                     ! -                  ! 4.2.7: not the alphabet of URLs
            ?1                         ! ?1                 ! 3.3.6
            ?0                         ! ?0                 ! 3.3.6
            ?2                         ! -                  ! 4.2.8
            ?                          ! -                  ! 4.2.8
            ?true                      ! -                  ! 4.2.8
            @1659578233                ! @1659578233        ! 3.3.7
            @-1                        ! @-1                ! 3.3.7
            @1.5                       ! -                  ! 4.2.9
            @                          ! -                  ! 4.2.9
            @a                         ! -                  ! 4.2.9
            %"caf%c3%a9"               ! %'café'            ! 3.3.8
            %""                        ! %''                ! 3.3.8
            %"%C3%A9"                  ! -                  ! 4.2.10: lower case
            %"%c3"                     ! -                  ! 4.2.10: not UTF-8
            %"%c"                      ! -                  ! 4.2.10
            %"é"                       ! -                  ! 4.2.10
            %"a                        ! -                  ! 4.2.10
            %a                         ! -                  ! 4.2.10
            1;a                        ! 1                  ! 3.1.2
            1;a=1;b="x";*c             ! 1                  ! 3.1.2
            1; a=?0                    ! 1                  ! 4.2.3.2
            1 ;a                       ! -                  ! 4.2.3.2
            1;                         ! -                  ! 4.2.3.2
            1;A                        ! -                  ! 4.2.3.3
            1;a=                       ! -                  ! 4.2.3.2
            1;a=(1)                    ! -                  ! 3.1.2: bare items only
            (1)                        ! -                  ! 3.3: no list is an item
            ~~                         ! -                  ! 4.2.3
            """)
    void items(String field, String item, String section) {
        assertThat(StructuredField.item(field).map(StructuredFieldTest::text).orElse(ABSENT))
                .as(section)
                .isEqualTo(item);
    }

    @ParameterizedTest(name = "{0} -> {1} ({2})")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            ~~                        ! []                    ! 4.2
            ~  ~                      ! []                    ! 4.2
            a                         ! [a]                   ! 4.2.1
            a, "b" ,1                 ! [a, 'b', 1]           ! 4.2.1
            ~a\t,\tb~                 ! [a, b]                ! 4.2.1: white space may be tabs
            a,a                       ! [a, a]                ! 3.1
            a,                        ! -                     ! 4.2.1: a comma at the end
            ,a                        ! -                     ! 4.2.1
            a,,b                      ! -                     ! 4.2.1
            a b                       ! -                     ! 4.2.1
            (a b), ( c  d ), ()       ! [(a b), (c d), ()]    ! 3.1.1
            (a;x=1 b);y, c            ! [(a b), c]            ! 3.1.1
            (a,b)                     ! -                     ! 4.2.1.2
            (a"b")                    ! -                     ! 4.2.1.2
            ("a""b")                  ! -                     ! 4.2.1.2
            ((a))                     ! -                     ! 3.1.1: no inner list in another
            (a                        ! -                     ! 4.2.1.2
            (                         ! -                     ! 4.2.1.2
            )                         ! -                     ! 4.2.1
            ~(a\tb)~                  ! -                     ! 4.2.1.2: spaces only
            """)
    void lists(String field, String members, String section) {
        assertThat(StructuredField.list(field)
                        .map(list -> list.stream()
                                .map(StructuredFieldTest::text)
                                .toList()
                                .toString())
                        .orElse(ABSENT))
                .as(section)
                .isEqualTo(members);
    }

    @ParameterizedTest(name = "{0} -> {1} ({2})")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            ~~                         ! {}                    ! 4.2
            max-age=60                 ! {max-age=60}          ! 3.2
            a, b=?0 , c;x              ! {a=?1, b=?0, c=?1}    ! 3.2
            a=1,b=2,a=3                ! {a=3, b=2}            ! 4.2.2: the last one's value
            a=1,a                      ! {a=?1}                ! 4.2.2
            a=(1 2);x, b               ! {a=(1 2), b=?1}       ! 3.2
            *a_b-c.d*0=1               ! {*a_b-c.d*0=1}        ! 3.1.2
            Max-Age=60                 ! -                     ! 3.1.2: lower case
            1a=60                      ! -                     ! 3.1.2
            -a=60                      ! -                     ! 3.1.2
            max-age =60                ! -                     ! 4.2.2
            max-age= 60                ! -                     ! 4.2.2
            max-age=                   ! -                     ! 4.2.2
            max-age=60, &&&&&          ! -                     ! 4.2.2
            max-age=60,                ! -                     ! 4.2.2: a comma at the end
            ,max-age=60                ! -                     ! 4.2.2
            max-age=60,,b              ! -                     ! 4.2.2
            max-age=60 no-store        ! -                     ! 4.2.2
            max-age=60; s-maxage=1     ! {max-age=60}          ! 3.1.2: a parameter is no member
            max-age=60é                ! -                     ! 4.2: ASCII only
            a="x, b=1"                 ! {a='x, b=1'}          ! 3.3.3
            """)
    void dictionaries(String field, String members, String section) {
        assertThat(StructuredField.dictionary(field)
                        .map(StructuredFieldTest::texts)
                        .map(Map::toString)
                        .orElse(ABSENT))
                .as(section)
                .isEqualTo(members);
    }

    private static Map<String, String> texts(Map<String, Item> members) {
        Map<String, String> texts = new LinkedHashMap<>();
        members.forEach((key, item) -> texts.put(key, text(item)));
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1, b=(x \"y\");p=:aGk=:, c=?0, d=%\"%c3%a9\", e=@5, f=-1.5;q, g"})
    void everyBeginningIsReadOrRefused(String field) {
        List<Integer> valid = new ArrayList<>();
        for (int end = 0; end <= field.length(); end++) {
            Optional<Map<String, Item>> members = StructuredField.dictionary(field.substring(0, end));
            if (members.isPresent()) {
                valid.add(end);
            }
        }
        assertThat(valid).contains(0, 1, 3, field.length()).doesNotContain(2, 4, 5, 7);
    }

    /** Whatever is valid stays so, and keeps its meaning, with what the grammar lets stand around it. */
    @Test
    void noTextMakesItThrowAndSpaceAroundMembersMeansNothing() {
        String[] shards = {
            "a",
            "max-age",
            "=",
            "1",
            "60",
            ".",
            "-",
            "\"",
            "\\",
            ",",
            " ",
            "\t",
            ";",
            "(",
            ")",
            "?1",
            "?0",
            ":",
            "aGk=",
            "%\"",
            "%c3%a9",
            "@",
            "*",
            "é",
            "\u0000",
            "A",
            "token/x",
            "999999999999999"
        };
        Random random = new Random(9651);
        int dictionaries = 0;
        int lists = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(shards[random.nextInt(shards.length)]);
            }
            String field = text.toString();
            Optional<Map<String, Item>> members = StructuredField.dictionary(field);
            dictionaries += members.isPresent() ? 1 : 0;
            assertThat(StructuredField.dictionary("  " + field + " ")).isEqualTo(members);
            Optional<List<Item>> list = StructuredField.list(field);
            lists += list.isPresent() ? 1 : 0;
            if (list.isPresent() && !list.get().isEmpty()) {
                assertThat(StructuredField.list(field + " ,\tx").orElseThrow())
                        .startsWith(list.get().toArray(Item[]::new))
                        .endsWith(new Item.Token("x"));
            }
            StructuredField.item(field)
                    .ifPresent(item -> assertThat(StructuredField.list(field)).contains(List.of(item)));
        }
        assertThat(dictionaries).isGreaterThan(10_000);
        assertThat(lists).isGreaterThan(10_000);
    }
}
