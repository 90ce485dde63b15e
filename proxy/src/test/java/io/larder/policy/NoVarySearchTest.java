package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FormQuery;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code No-Vary-Search} (draft-ietf-httpbis-no-vary-search): sections 4 (parsing) and 5 (comparing). */
class NoVarySearchTest {

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource(delimiter = '!', quoteCharacter = '~', nullValues = "-", textBlock = """
            key-order                                ! ordered=false, only=false, names=[]
            key-order=?1                             ! ordered=false, only=false, names=[]
            key-order=?0                             ! -
            params                                   ! ordered=true, only=true, names=[]
            params=?0                                ! -
            params=("a")                             ! ordered=true, only=false, names=[a]
            params=("a"), key-order                  ! ordered=false, only=false, names=[a]
            params=()                                ! -
            params, except=("a")                     ! ordered=true, only=true, names=[a]
            except=("a"), params                     ! ordered=true, only=true, names=[a]
            params, except=()                        ! ordered=true, only=true, names=[]
            params=("a"), other=1, key-order;x=1     ! ordered=false, only=false, names=[a]
            params=("a+b")                           ! ordered=true, only=false, names=[a b]
            params=("a%20b")                         ! ordered=true, only=false, names=[a b]
            params=("%61")                           ! ordered=true, only=false, names=[a]
            params=("%C3%A9")                        ! ordered=true, only=false, names=[\u00e9]
            params=("%zz")                           ! ordered=true, only=false, names=[%zz]
            params=("a"), params=("b")               ! ordered=true, only=false, names=[b]
            except=("a")                             ! -
            params=?0, except=("a")                  ! -
            params=("a"), except=("b")               ! -
            params, except                           ! -
            params, except="a"                       ! -
            params, except=(a)                       ! -
            params="a"                               ! -
            params=a                                 ! -
            params=1                                 ! -
            params=(a)                               ! -
            params=("a" 1)                           ! -
            key-order=1                              ! -
            key-order="a"                            ! -
            key-order=("a")                          ! -
            params=("a"                              ! -
            params=("a"),                            ! -
            Params                                   ! -
            ~~                                       ! -
            """)
    void whatItSays(String field, @Nullable String rule) {
        String got = NoVarySearch.of(Headers.of("No-Vary-Search", field))
                .map(NoVarySearch::toString)
                .orElse(null);
        assertThat(got).isEqualTo(rule == null ? null : "NoVarySearch[" + rule + "]");
    }

    @Test
    void itsLinesAreOneDictionaryAndItsAbsenceSaysNothing() {
        assertThat(NoVarySearch.of(Headers.of("No-Vary-Search", "params=(\"a\")", "no-vary-search", "key-order")))
                .contains(new NoVarySearch(false, false, Set.of("a")));
        assertThat(NoVarySearch.of(Headers.EMPTY)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} and {2}: {3}")
    @CsvSource(delimiter = '!', quoteCharacter = '~', nullValues = "-", textBlock = """
            params                   ! a=1           ! b=2           ! true
            params                   ! a=1           ! -             ! true
            params, except=("a")     ! a=1&b=2       ! c=3&a=1       ! true
            params, except=("a")     ! a=1&b=2       ! a=2&b=2       ! false
            params, except=("a")     ! a=1           ! -             ! false
            params, except=("a")     ! a=1&a=2       ! a=2&a=1       ! false
            params=("a")             ! a=1&b=2       ! b=2           ! true
            params=("a")             ! a=1&b=2       ! b=2&a=3&a=4   ! true
            params=("a")             ! a=1&b=2       ! b=3           ! false
            params=("a")             ! b=1&c=2       ! c=2&b=1       ! false
            params=("a")             ! %61=1&b=2     ! b=2           ! true
            params=("a")             ! A=1           ! -             ! false
            params=("a")             ! b=%31         ! b=1           ! true
            params=("a")             ! b=x+y         ! b=x%20y       ! true
            params=("a")             ! b             ! b=            ! true
            params=("a")             ! ~~            ! -             ! true
            params=("a")             ! &&b=1&        ! b=1           ! true
            params=("a")             ! b=1=2         ! b=1%3D2       ! true
            params=("a")             ! b=1;a=2       ! b=1           ! false
            params=("a")             ! =1            ! -             ! false
            params=("a")             ! a=1;b=2       ! -             ! false
            params=("a")             ! b=%E4         ! b=%F6         ! false
            params, except=("a")     ! b=%E4         ! -             ! false
            params=("a b")           ! a+b=1         ! -             ! true
            params=("a b")           ! a%20b=1       ! -             ! true
            params=(a)               ! a=1           ! a=1&          ! -
            key-order                ! a=1&b=2       ! b=2&a=1       ! true
            key-order                ! a=1&b=2&a=3   ! b=2&a=1&a=3   ! true
            key-order                ! a=1&a=2       ! a=2&a=1       ! false
            key-order                ! a=1&b=2       ! a=1           ! false
            key-order                ! %C3%A9=1&a=2  ! a=2&%c3%a9=1  ! true
            key-order, params=("a")  ! a=1&c=2&b=3   ! b=3&c=2       ! true
            """)
    void whichQueriesAreOne(String field, @Nullable String one, @Nullable String other, @Nullable Boolean same) {
        assertThat(NoVarySearch.of(Headers.of("No-Vary-Search", field))
                        .map(rule -> rule.joins(one, other))
                        .orElse(null))
                .isEqualTo(same);
    }

    /** Section 5 word for word. */
    private static boolean equivalent(NoVarySearch rule, String one, String other) {
        List<FormQuery.Pair> a = new ArrayList<>(FormQuery.parse(one));
        List<FormQuery.Pair> b = new ArrayList<>(FormQuery.parse(other));
        for (List<FormQuery.Pair> pairs : List.of(a, b)) {
            if (rule.only()) {
                pairs.removeIf(pair -> !rule.names().contains(pair.name()));
            } else {
                pairs.removeIf(pair -> rule.names().contains(pair.name()));
            }
            if (!rule.ordered()) {
                pairs.sort((p, q) -> p.name().compareTo(q.name()));
            }
        }
        return a.equals(b);
    }

    @Test
    void canonicalTextsAreEqualForEquivalentQueriesOnly() {
        Random random = new Random(9651);
        String[] pieces = {"a", "b", "=", "=", "&", "&", "1", "2", "+", "%61", "%20", "%z", "%C3%A9", "1:a", ":"};
        List<NoVarySearch> rules = List.of(
                new NoVarySearch(false, false, Set.of()),
                new NoVarySearch(true, false, Set.of("a")),
                new NoVarySearch(false, true, Set.of("a", "b")),
                new NoVarySearch(true, true, Set.of()));
        int same = 0;
        for (int i = 0; i < 200_000; i++) {
            String one = query(random, pieces);
            String other = query(random, pieces);
            NoVarySearch rule = rules.get(random.nextInt(rules.size()));
            boolean equivalent = equivalent(rule, one, other);
            assertThat(rule.joins(one, other))
                    .as(rule + ": " + one + " and " + other)
                    .isEqualTo(equivalent);
            same += equivalent ? 1 : 0;
        }
        assertThat(same).isBetween(1_000, 150_000);
    }

    private static String query(Random random, String[] pieces) {
        StringBuilder query = new StringBuilder();
        for (int n = random.nextInt(8); n > 0; n--) {
            query.append(pieces[random.nextInt(pieces.length)]);
        }
        return query.toString();
    }
}
