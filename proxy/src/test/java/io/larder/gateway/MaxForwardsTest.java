package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.route.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 §7.6.2. */
class MaxForwardsTest {
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Forwarding forwarding =
            new Forwarding(origin, new HostRule.Preserve(), new TrustedProxies(List.of()), null);

    private Collector ask(String method, String value) {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Client client = new Client(peer, "127.0.0.1", "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(1), new ManualLoop(), client, Interim.NONE);
        Headers headers = Headers.of("Host", "a.example", "Max-Forwards", value);
        Request request = Request.get(Target.of("http", "a.example", "/a"), headers);
        return Collector.of(forwarding.handle(request.withMethod(method), exchange));
    }

    @Test
    void optionsGoNoFurtherThanTheyMay() {
        Collector answer = ask("OPTIONS", "0");
        assertThat(origin.calls).isEmpty();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, 1, 0",
        "OPTIONS, 010, 9",
        "OPTIONS, 99999999999999999999, 99999999999999999999", // more hops than there are
        "OPTIONS, -1, -1", // no number: not ours to understand
        "OPTIONS, '', ''",
        "GET, 0, 0" // means nothing there
    })
    void oneHopLessIsLeft(String method, String sent, String left) {
        ask(method, sent);
        assertThat(origin.last().request().headers().first(Fields.MAX_FORWARDS)).isEqualTo(left);
    }
}
