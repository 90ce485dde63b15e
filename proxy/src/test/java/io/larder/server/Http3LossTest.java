package io.larder.server;

import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.testing.Eventually;
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/3 where datagrams get lost, as they do, or clients end what nobody has begun. */
class Http3LossTest {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");

    /** Whichever datagram of an answer is lost, the last one with its end included. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void anAnswerEndsWhateverIsLost(int arriving) throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (Http3Server server = new Http3Server(Pending.into(pending));
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            Pending asked = TestServer.next(pending);
            client.line().loseIncoming(arriving, 1);
            asked.text("hello");
            assertThat(exchange.answer().text()).isEqualTo("hello");
        }
    }

    /** RFC 9000 §13.3: what is sent again may be the end together with what has come before. */
    @Test
    void aRequestWhoseEndWasLostIsAnswered() throws Exception {
        try (Http3Server server = new Http3Server(OK);
                Http3Client client = server.connect()) {
            client.get("/").answer();
            client.line().loseIncoming(0, 1000);
            Http3Exchange exchange = client.open().head(false, request("GET", "/"));
            client.line().loseOutgoing(1);
            exchange.end();
            client.line().loseIncoming(0, 0);
            assertThat(exchange.answer().text()).isEqualTo("ok");
            assertThat(client.get("/").answer().text()).isEqualTo("ok");
        }
    }

    /** Netty keeps a stream of a client's own until somebody closes it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streamsThatEndBeforeTheyAreAnythingAreCounted(boolean reset) throws Exception {
        try (Http3Server server = new Http3Server(OK);
                Http3Client client = server.connect()) {
            client.get("/").answer();
            for (int i = 0; i < 3000 && !client.closed.isDone(); i++) {
                Eventually.eventually("there is room", () -> client.hasRoom() || client.closed.isDone());
                if (client.closed.isDone()) {
                    break;
                }
                Http3Exchange stream = client.raw(QuicStreamType.UNIDIRECTIONAL);
                if (reset) {
                    stream.stopSaying();
                } else {
                    stream.end();
                }
            }
            assertThat(client.closingCode()).as("H3_EXCESSIVE_LOAD").isEqualTo(0x107);
        }
    }

    /** A client that opens no window takes no head either. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatIsNotTakenInTimeIsReset(String method) throws Exception {
        try (Http3Server server = new Http3Server(OK, Http3Server.Like.USUAL.within(TestServer.timeouts(1_000)));
                Http3Client client = server.connect(server.way().taking(0))) {
            Http3Exchange exchange = client.open().head(true, request(method, "/"));
            assertThat(exchange.resetCode()).as("H3_REQUEST_CANCELLED").isEqualTo(0x10c);
        }
    }
}
