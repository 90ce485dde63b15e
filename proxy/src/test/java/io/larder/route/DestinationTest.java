package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.Reason;
import io.larder.route.Destination.Share;
import io.larder.route.Destination.Way;
import io.larder.route.Destination.Why;
import io.larder.route.Destination.Writes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose requests go to which upstream. */
class DestinationTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration SHOWN = Duration.ofSeconds(5);

    private static Destination shares(@Nullable Writes writes, int... parts) {
        return new Destination(
                IntStream.range(0, parts.length)
                        .mapToObj(i -> new Share("u" + i, parts[i]))
                        .toList(),
                writes);
    }

    private static Request request(String method, String... headers) {
        return Request.get(Target.of("http", "a.example", "/"), Headers.of(headers))
                .withMethod(method);
    }

    private static String side(Destination to, String client) {
        return to.way(request("GET"), client, null, NOW).upstream();
    }

    /** Clients of all kinds, each with an address of its own that counts. */
    private static List<String> clients(int each) {
        return Stream.of(
                        IntStream.range(0, each).mapToObj(i -> "10.0." + i / 250 + "." + (i % 250 + 1)),
                        IntStream.range(0, each).mapToObj(i -> i % 223 + 1 + "." + i / 223 % 256 + ".7.9"),
                        IntStream.range(0, each).mapToObj(i -> "2001:db8:" + Integer.toHexString(i) + "::1"))
                .flatMap(addresses -> addresses)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"9500, 500", "9900, 100", "5000, 5000", "10000, 0", "0, 10000"})
    void everyoneHasAboutItsShare(int first, int second) {
        List<String> clients = clients(20_000);
        Destination to = shares(null, first, second);
        long got =
                clients.stream().filter(client -> side(to, client).equals("u1")).count();
        double wanted = clients.size() * (second / 10_000.0);
        assertThat((double) got).isBetween(wanted - 4 * Math.sqrt(wanted), wanted + 4 * Math.sqrt(wanted));
    }

    @Test
    void aLargerShareTakesFromItsNeighbourAndFromNobodyElse() {
        List<String> clients = clients(20_000);
        Destination before = shares(null, 9000, 500, 500);
        Destination after = shares(null, 8500, 1000, 500);
        Map<String, Integer> moved = new HashMap<>();
        for (String client : clients) {
            String from = side(before, client);
            String to = side(after, client);
            if (!from.equals(to)) {
                moved.merge(from + " to " + to, 1, Integer::sum);
            }
        }
        assertThat(moved).containsOnlyKeys("u0 to u1");
        double share = Objects.requireNonNull(moved.get("u0 to u1")) / (double) clients.size();
        assertThat(share).isBetween(0.045, 0.055);
    }

    /** A client must stay where it was when the gateway is updated: these places are for good. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8270",
        "192.0.2.1, 4956",
        "2001:db8::1, 5096",
        "unix, 7443",
    })
    void placesAreForGood(String client, int place) {
        assertThat(ClientPlace.of(client, Destination.WHOLE)).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, ::ffff:192.0.2.1", // one address, mapped
        "2001:db8::1, 2001:DB8:0:0:0:0:0:1", // one address, spelled otherwise
        "2001:db8::1, 2001:db8::a1b2:c3d4:e5f6:7", // one network: within it a client changes its address as it likes
        "fe80::1, fe80::1%eth0",
    })
    void oneClientIsAtOnePlace(String one, String other) {
        assertThat(ClientPlace.of(one, 1 << 30)).isEqualTo(ClientPlace.of(other, 1 << 30));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8:0:1::1", "0.0.0.0, ::"})
    void othersAreElsewhere(String one, String other) {
        boolean same = ClientPlace.of(one, 1 << 30) == ClientPlace.of(other, 1 << 30);
        assertThat(same).isEqualTo(one.equals("0.0.0.0")); // which nobody has
    }

    static Stream<List<Object>> ways() {
        String justNow = Long.toString(NOW.minusSeconds(2).toEpochMilli());
        return Stream.of(
                List.of("GET", "", "", Why.SHARE),
                List.of("HEAD", "", "", Why.SHARE),
                List.of("OPTIONS", "", "", Why.SHARE),
                List.of("TRACE", "", "", Why.SHARE),
                List.of("QUERY", "", "", Why.SHARE),
                List.of("PROPFIND", "", "", Why.SHARE),
                List.of("REPORT", "", "", Why.SHARE),
                List.of("SEARCH", "", "", Why.SHARE),
                List.of("POST", "", "", Why.WRITE),
                List.of("PUT", "", "", Why.WRITE),
                List.of("PATCH", "", "", Why.WRITE),
                List.of("DELETE", "", "", Why.WRITE),
                List.of("MKCOL", "", "", Why.WRITE),
                List.of("get", "", "", Why.WRITE), // methods are told apart by case: nobody knows what this is
                List.of("GET", "X-HTTP-Method-Override", "", Why.WRITE),
                List.of("GET", "", justNow, Why.WROTE),
                List.of("QUERY", "", justNow, Why.WROTE),
                List.of("POST", "", justNow, Why.WRITE),
                List.of("GET", "X-Method-Override", justNow, Why.WRITE),
                List.of("GET", "", "yesterday", Why.SHARE));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void writesAndWhoeverHasWrittenGoToOne(List<Object> row) {
        String override = (String) row.get(1);
        String wrote = (String) row.get(2);
        Request request =
                override.isEmpty() ? request((String) row.get(0)) : request((String) row.get(0), override, "DELETE");
        Destination to = shares(new Writes("primary", SHOWN), 10_000);
        Way way = to.way(request, "192.0.2.1", wrote.isEmpty() ? null : wrote, NOW);
        assertThat(way).isEqualTo(new Way(row.get(3) == Why.SHARE ? "u0" : "primary", (Why) row.get(3)));
        assertThat(to.ways()).contains(way);
    }

    @Test
    void withoutReadYourWritesNobodyIsAskedWhatHeWrote() {
        Destination to = shares(new Writes("primary", null), 10_000);
        String justNow = Long.toString(NOW.toEpochMilli());
        assertThat(to.way(request("GET"), "192.0.2.1", justNow, NOW)).isEqualTo(new Way("u0", Why.SHARE));
        assertThat(to.ways()).containsExactly(new Way("u0", Why.SHARE), new Way("primary", Why.WRITE));
        assertThat(Destination.of("app").way(request("POST"), "192.0.2.1", justNow, NOW))
                .isEqualTo(new Way("app", Why.SHARE));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "0, true",
                "-4999, true",
                "-5000, false",
                "999, true", // another node's clock
                "1000, false",
                "86400000, false",
                "-86400000, false",
            })
    void whatIsNoLongerOrNotYetTrueIsNotBelieved(long millis, boolean holds) {
        String value = Long.toString(NOW.plusMillis(millis).toEpochMilli());
        assertThat(WroteCookie.holds(value, SHOWN, NOW)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "-1", "+1780000000000", "1e9", "99999999999999999999999", "999999999999999", "' 1'", "١"})
    void whatIsNoTimeIsNotBelieved(String value) {
        assertThat(WroteCookie.holds(value, SHOWN, NOW)).isFalse();
        assertThat(WroteCookie.holds(null, SHOWN, NOW)).isFalse();
    }

    @Test
    void whatIsGivenIsBelieved() {
        String set = WroteCookie.set(Duration.ofMillis(1500), NOW, true);
        assertThat(set)
                .isEqualTo(
                        "larder_wrote=" + NOW.toEpochMilli() + "; Max-Age=2; Path=/; HttpOnly; SameSite=Lax; Secure");
        String value = set.substring(set.indexOf('=') + 1, set.indexOf(';'));
        assertThat(WroteCookie.holds(value, SHOWN, NOW)).isTrue();
        assertThat(WroteCookie.set(SHOWN, NOW, false)).doesNotContain("Secure").contains("Max-Age=5;");
    }

    @Test
    void reasonsPastTheCache() {
        assertThat(Arrays.stream(Why.values()).map(why -> new Way("u", why).pastCache(true)))
                .containsExactly(null, Reason.METHOD, Reason.READ_YOUR_WRITES);
        assertThat(Arrays.stream(Why.values()).map(why -> new Way("u", why).pastCache(false)))
                .containsExactly(null, Reason.ROUTE_OFF, Reason.READ_YOUR_WRITES);
    }

    @Test
    void theFirstUpstreamKeepsThePlainKey() {
        Destination to = shares(new Writes("primary", SHOWN), 9000, 1000);
        assertThat(to.partition("u0")).isEmpty();
        assertThat(to.partition("u1")).isEqualTo(">u1");
    }

    @Test
    void sharesThatAreNoWholeAreRefused() {
        assertThatThrownBy(() -> shares(null, 9000, 999)).hasMessageContaining("not the whole");
        assertThatThrownBy(() -> shares(null)).hasMessageContaining("not the whole");
        assertThatThrownBy(() -> new Share("u", -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new Writes("u", Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> new Destination(List.of(new Share("u", 5000), new Share("u", 5000)), null))
                .hasMessageContaining("two shares");
    }
}
