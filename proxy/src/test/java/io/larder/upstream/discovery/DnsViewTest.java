package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsViewTest {
    private static final List<Service> APP = List.of(new Service(0, 1, 80, "app"));

    /** {@code 5s 10.0.0.1 10.0.0.2} (records), {@code none} or {@code failed}. */
    private static Answer<InetAddress> answer(String text) {
        String[] words = text.strip().split(" +");
        return switch (words[0]) {
            case "none" -> new Answer.Nothing<>("nothing");
            case "failed" -> new Answer.Failed<>("broken");
            default ->
                new Answer.Records<>(
                        Arrays.stream(words)
                                .skip(1)
                                .map(NetUtil::createInetAddressFromIpAddressString)
                                .toList(),
                        Duration.parse("PT" + words[0]));
        };
    }

    private static Map<Question, Answer<InetAddress>> answers(String name, String v4, String v6) {
        Map<Question, Answer<InetAddress>> answers = new HashMap<>();
        answers.put(new Question(name, Family.IPV4), answer(v4));
        answers.put(new Question(name, Family.IPV6), answer(v6));
        return answers;
    }

    private static DnsView.Seen see(DnsView before, String v4, String v6) {
        return before.after(APP, Answer.UNLIMITED, answers("app", v4, v6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // before: 10.0.0.1 and ::1
                "9s 10.0.0.2          | 5s ::2 | 10.0.0.2:80 [::2]:80             | 5  | ",
                "9s 10.0.0.2 10.0.0.3 | none   | 10.0.0.2:80 10.0.0.3:80          | 9  | ",
                "none                 | 5s ::2 | [::2]:80                         | 5  | ",
                "9s 10.0.0.2          | failed | 10.0.0.2:80 [::1]:80             | 9  | app: broken",
                "failed               | failed | 10.0.0.1:80 [::1]:80             |    | app: broken",
                "none                 | none   | 10.0.0.1:80 [::1]:80             |    | app: nothing",
                "none                 | failed | 10.0.0.1:80 [::1]:80             |    | app: nothing",
            })
    void whatFailsLeavesWhatWasKnown(String v4, String v6, String servers, Long lifetime, String trouble) {
        DnsView before = see(DnsView.NOTHING, "1s 10.0.0.1", "1s ::1").view();
        DnsView.Seen seen = see(before, v4, v6);
        assertThat(Heard.text(seen.servers())).isEqualTo(servers);
        assertThat(seen.trouble().orElse(null)).isEqualTo(trouble);
        if (lifetime != null) {
            assertThat(seen.lifetime()).isEqualTo(Duration.ofSeconds(lifetime));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9s 10.0.0.2 | none   | 10.0.0.2:80 | ",
                "9s 10.0.0.2 | failed | 10.0.0.2:80 | ", // a server that cannot answer for IPv6 is no outage
                "none        | none   | ''          | app: nothing",
                "failed      | none   | ''          | app: broken",
            })
    void theFirstTimeThereIsNothingToKeep(String v4, String v6, String servers, String trouble) {
        DnsView.Seen seen = see(DnsView.NOTHING, v4, v6);
        assertThat(Heard.text(seen.servers())).isEqualTo(servers.equals("''") ? "" : servers);
        assertThat(seen.trouble().orElse(null)).isEqualTo(trouble);
    }

    @Test
    void whatWasKeptOnceIsKeptForGood() {
        DnsView view = see(DnsView.NOTHING, "1s 10.0.0.1", "none").view();
        for (int i = 0; i < 5; i++) {
            DnsView.Seen seen = see(view, "failed", "failed");
            assertThat(Heard.text(seen.servers())).isEqualTo("10.0.0.1:80");
            view = seen.view();
        }
    }

    @Test
    void servicesHavePrioritiesAndWeightsAndMayShareTargets() {
        List<Service> services =
                List.of(new Service(10, 0, 80, "a."), new Service(10, 60, 81, "a."), new Service(20, 5, 80, "b."));
        Map<Question, Answer<InetAddress>> answers = answers("a.", "30s 10.0.0.1", "none");
        answers.putAll(answers("b.", "20s 10.0.0.2", "none"));
        DnsView.Seen seen = DnsView.NOTHING.after(services, Duration.ofSeconds(25), answers);
        assertThat(Heard.text(Found.distinct(seen.servers())))
                .isEqualTo("10.0.0.1:80 p10 10.0.0.1:81 w60 p10 10.0.0.2:80 w5 p20");
        assertThat(seen.servers()).extracting(Found::name).containsOnly("a", "b");
        assertThat(seen.lifetime()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aTargetThatIsGoneIsForgottenAndOneThatFailsIsKept() {
        List<Service> both = List.of(new Service(0, 1, 80, "a"), new Service(0, 1, 80, "b"));
        Map<Question, Answer<InetAddress>> answers = answers("a", "1s 10.0.0.1", "none");
        answers.putAll(answers("b", "1s 10.0.0.2", "none"));
        DnsView before = DnsView.NOTHING.after(both, Answer.UNLIMITED, answers).view();
        answers.putAll(answers("a", "failed", "none"));
        answers.putAll(answers("b", "none", "none"));
        DnsView.Seen seen = before.after(both, Answer.UNLIMITED, answers);
        assertThat(Heard.text(seen.servers())).isEqualTo("10.0.0.1:80 10.0.0.2:80");
        assertThat(seen.trouble()).contains("a: broken (and 1 more)");
        DnsView.Seen one = seen.view()
                .after(List.of(new Service(0, 1, 80, "a")), Answer.UNLIMITED, answers("a", "failed", "none"));
        assertThat(Heard.text(one.servers())).isEqualTo("10.0.0.1:80");
        assertThat(one.view().known()).doesNotContainKey(new Question("b", Family.IPV4));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "5, 5", "29, 29", "30, 30", "86400, 30"})
    void namesLiveAsLongAsTheirRecordsWithinLimits(long lifetime, long pause) {
        assertThat(new DnsPace(Duration.ofSeconds(30)).after(Duration.ofSeconds(lifetime)))
                .isEqualTo(Duration.ofSeconds(pause));
    }

    @ParameterizedTest
    @CsvSource({
        "App.Internal:8000, app.internal:8000",
        "app.internal.:1, app.internal.:1",
        "_http._tcp.App.Internal, _http._tcp.app.internal",
        "_http._tcp.app:80, _http._tcp.app:80", // odd, but a name with a port
    })
    void readsTargets(String text, String target) {
        assertThat(DnsTarget.parse(text)).hasToString(target);
    }

    @ParameterizedTest
    @CsvSource({
        "app.internal, has no port",
        "_http.app, not _service._proto.name",
        "_http._tcp., not _service._proto.name",
        "app:x, not a host name and port",
        "10.0.0.1:80, not a host name and port",
        "[::1]:80, not a host name and port",
    })
    void refusesOtherTargetsWithAReason(String text, String reason) {
        assertThatThrownBy(() -> DnsTarget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
