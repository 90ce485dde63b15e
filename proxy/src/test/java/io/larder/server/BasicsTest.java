package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.Leaks;
import io.larder.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Leaks.class)
class BasicsTest {
    @Test
    void answersAndKeepsTheConnection() throws Exception {
        try (TestServer server = new TestServer(
                        (request, exchange) -> TestServer.text(request.target().uri()));
                RawClient client = server.connect()) {
            client.send("GET /a?b HTTP/1.1\r\nHost: x.example\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("http://x.example/a?b");
            client.send("GET /c HTTP/1.1\r\nHost: x.example\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("http://x.example/c");
            assertThat(server.nextFinished().outcome().status()).isEqualTo(200);
        }
    }
}
