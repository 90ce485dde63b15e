package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client does to another, or to what is stored, by way of a whole gateway: nothing. */
class AttacksTest {
    private static final String FRESH = "Cache-Control: max-age=600\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n";

    @TempDir
    Path directory;

    /** Answers each request with its own target. */
    private static void echo(ScriptedOrigin.Wire wire) throws IOException {
        for (String request = wire.nextRequest(); !request.isEmpty(); request = wire.nextRequest()) {
            wire.send(Running.ok(FRESH, "page of " + request.split(" ", 3)[1]));
        }
    }

    private static String line(String request) {
        return request.substring(0, request.indexOf('\r'));
    }

    /** RFC 9112 §6.3, CVE-2025-4366: content that a hit does not need is no request. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: %d\r\n\r\n%s", "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"})
    void contentOfAGetIsNotTheNextRequest(String framing) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            assertThat(running.fetch("/hot").body()).isEqualTo("page of /hot");
            for (String method : List.of("GET", "HEAD")) {
                String head = method + " /hot HTTP/1.1\r\nHost: shop.test\r\n";
                client.send(head + framing.formatted(SMUGGLED.length(), SMUGGLED));
                RawClient.Answer fat = client.answer(method);
                assertThat(fat.status()).isEqualTo(200);
                assertThat(fat.field("Cache-Status")).contains("fwd=bypass", "request-content");
                client.send(Running.get("/next"));
                assertThat(client.answer().body()).isEqualTo("page of /next");
            }
            assertThat(running.fetch("/hot").field("Cache-Status")).contains("hit");
            assertThat(origin.requestLines()).doesNotContain("GET /smuggled HTTP/1.1");
        }
    }

    /** RFC 9110 §10.1.1: what the gateway answers itself leaves content behind that is no request either. */
    @Test
    void contentOfWhatIsAnsweredHereIsNotTheNextRequest() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1, """
                        sites:
                          shop:
                            upstream: app
                            routes:
                              - { path: /old, redirect: { to: /new, status: 308 } }
                              - { path: /** }
                        """);
                RawClient client = running.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /old HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n"
                        + SMUGGLED);
                assertThat(client.answer().status()).isEqualTo(308);
                client.send(Running.get("/next"));
                assertThat(client.answer().body()).isEqualTo("page of /next");
            }
            assertThat(origin.requestLines()).containsExactly("GET /next HTTP/1.1");
        }
    }

    /** RFC 9112 §9.3: an origin that answers before it has all of a request is owed the rest, and gets nothing else in its place. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatIsOwedContentCarriesNoOtherRequest(boolean http2) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    String head = wire.readHead();
                    while (!head.isEmpty()) {
                        lines.add(line(head));
                        wire.send(Running.ok("", "early"));
                        head = wire.readHead(); // in which an octet that was owed would show
                    }
                });
                Running running = Running.start(directory, origin, 1)) {
            for (int i = 0; i < 20; i++) {
                try (RawClient attacker = running.connect()) {
                    askAndOwe(attacker, http2);
                    RawClient.Answer visitor = running.fetch("/visitor");
                    assertThat(visitor.status()).isEqualTo(200);
                    assertThat(visitor.body()).isEqualTo("early");
                }
            }
            assertThat(lines).hasSize(40).allMatch(line -> line.matches("(POST /owed|GET /visitor) HTTP/1.1"));
        }
    }

    /** A request of which the end never comes, and its answer. */
    private static void askAndOwe(RawClient attacker, boolean http2) throws IOException {
        if (http2) {
            FrameWire frames = FrameWire.greet(attacker);
            String[] head = {":method", "POST", ":scheme", "http", ":path", "/owed", ":authority", "shop.test"};
            frames.headers(1, false, head);
            frames.data(1, false, "x");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
        } else {
            attacker.send("POST /owed HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 200\r\n\r\nx");
            assertThat(attacker.answer().body()).isEqualTo("early");
        }
    }

    /** RFC 9931: what comes behind a CONNECT that was refused is no request; nor behind anything else that ends a connection. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: shop.test\r\nMax-Forwards: 1\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: shop.test\r\nMax-Forwards: 0\r\nCookie: a=b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: shop.test\r\n\r\n",
                "G\"ET / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
                "GET /\r\nHost: shop.test\r\n\r\n"
            })
    void nothingBehindWhatIsRefusedIsARequest(String refused) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            client.send(Running.get("/first") + refused + SMUGGLED.repeat(3));
            assertThat(client.answer().body()).isEqualTo("page of /first"); // RFC 9112 §9.3.2: in its place
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isIn(400, 501);
            assertThat(answer.closes()).isTrue();
            assertThat(answer.body()).doesNotContain("Cookie", "a=b");
            assertThat(client.isEnded()).isTrue();
            assertThat(origin.requestLines()).containsExactly("GET /first HTTP/1.1");
        }
    }

    /** RFC 9110 §7.6.2: whoever asks no further than this is answered here. */
    @Test
    void optionsThatMayGoNoFurtherAreAnsweredHere() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            for (String target : List.of("*", "/")) {
                client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: shop.test\r\nMax-Forwards: 0\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(200);
            }
            assertThat(origin.requests()).isEmpty();
            client.send("OPTIONS / HTTP/1.1\r\nHost: shop.test\r\nMax-Forwards: 3\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(origin.requests().getFirst()).contains("\r\nMax-Forwards: 2\r\n");
        }
    }

    /** RFC 9110 §7.6.1: nominating what frames a message takes nothing away. */
    @Test
    void whatFramesAMessageIsNotNominatedAway() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            String nominated = "Connection: Host, Content-Length, Transfer-Encoding, TE, Via, X-Forwarded-For,"
                    + " X-Forwarded-Proto, Forwarded, X-Request-ID\r\n";
            client.send("POST /a HTTP/1.1\r\nHost: shop.test\r\n" + nominated
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("page of /a");
            client.send("POST /b HTTP/1.1\r\nHost: shop.test\r\n" + nominated + "Content-Length: 5\r\n\r\nhello");
            assertThat(client.answer().body()).isEqualTo("page of /b");
            assertThat(origin.requests()).hasSize(2);
            assertThat(origin.requests().get(0)).contains("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n");
            assertThat(origin.requests().get(1))
                    .contains("Content-Length: 5\r\n")
                    .endsWith("\r\n\r\nhello");
            assertThat(origin.requests())
                    .allSatisfy(seen -> assertThat(seen)
                            .contains(
                                    "Host: shop.test\r\n",
                                    "Via: 1.1 larder\r\n",
                                    "X-Forwarded-For: 127.0.0.1\r\n",
                                    "X-Forwarded-Proto: http\r\n",
                                    "Forwarded: for=127.0.0.1;",
                                    "X-Request-ID: "));
        }
    }

    /** RFC 6585 §5: a head of very many small fields costs its client its connection, and nobody else anything. */
    @Test
    void veryManySmallFieldsAreRefusedAndOthersServed() throws Exception {
        String many = "GET / HTTP/1.1\r\nHost: shop.test\r\n" + "a: b\r\n".repeat(20_000) + "\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1);
                RawClient visitor = running.connect()) {
            for (int i = 0; i < 30; i++) {
                try (RawClient client = running.connect()) {
                    sendUntilRefused(client, many);
                    assertThat(client.answer().status()).isEqualTo(431);
                }
                assertThat(visitor.send(Running.get("/visitor")).answer().body())
                        .isEqualTo("page of /visitor");
            }
            assertThat(origin.requests()).hasSize(1);
        }
    }

    /** The gateway may answer, and read no further, before all has been sent. */
    private static void sendUntilRefused(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException refused) {
            // its answer tells more
        }
    }

    /** RFC 9112 §7.1: a size that never ends is refused long before it has cost anything. */
    @Test
    void aChunkSizeOfEndlessZerosIsRefused() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    if (!wire.readHead().isEmpty()) {
                        wire.awaitClose();
                    }
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n");
            sendUntilRefused(client, "0".repeat(64));
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
        }
    }

    /** RFC 9110 §15.2, CVE-2026-42584: interim responses take nothing from the one that a HEAD is answered with. */
    @Test
    void interimResponsesToAHeadAreNotItsAnswer() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        boolean headRequest = head.startsWith("HEAD ");
                        wire.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                        wire.send("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 5\r\n\r\n"
                                + (headRequest ? "" : "hello"));
                    }
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send("HEAD /a HTTP/1.1\r\nHost: shop.test\r\n\r\n");
                assertThat(client.answer("HEAD").status()).isEqualTo(103);
                RawClient.Answer head = client.answer("HEAD");
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.field("Content-Length")).isEqualTo("5");
                client.send(Running.get("/a"));
                assertThat(client.answer().status()).isEqualTo(103);
                assertThat(client.answer().body()).isEqualTo("hello");
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** CPDoS: an error that one client brings about by what is in no key is nobody else's. */
    @Test
    void anErrorThatOneClientBringsAboutIsNobodyElses() throws Exception {
        List<String> provoking = List.of(
                "X-Oversized: " + "x".repeat(100_000), // HHO, at the gateway
                "X-Oversized: " + "x".repeat(6_000), // HHO, at the origin
                "X-Meta: a\u0007b", // HMC, at the gateway
                "X-Meta: a\u00ff", // HMC, at the origin
                "X-HTTP-Method-Override: DELETE", // HMO
                "X-HTTP-Method: POST",
                "X-Method-Override: PUT");
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        boolean bad = head.length() > 5_000 || head.contains("\u00ff") || head.contains("-Method");
                        wire.send(
                                bad
                                        ? "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad"
                                        : Running.ok(FRESH, "good"));
                    }
                });
                Running running = Running.start(directory, origin, 1)) {
            for (int i = 0; i < provoking.size(); i++) {
                String path = "/page" + i;
                try (RawClient attacker = running.connect()) {
                    sendUntilRefused(
                            attacker, Running.get(path).replace("\r\n\r\n", "\r\n" + provoking.get(i) + "\r\n\r\n"));
                    assertThat(attacker.answer().status()).isIn(400, 431);
                }
                RawClient.Answer visitor = running.fetch(path);
                assertThat(visitor.body()).as(provoking.get(i).substring(0, 8)).isEqualTo("good");
                assertThat(visitor.field("Cache-Status")).contains("stored");
                assertThat(running.fetch(path).field("Cache-Status")).contains("hit");
            }
        }
    }

    /** CVE-2023-44487 through to the origin: streams that their client has left are not worked for, and others are served. */
    @Test
    void rapidResetReachesTheOriginAsLittleAsMayBe() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger all = new AtomicInteger();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        if (head.startsWith("GET /visitor")) {
                            wire.send(Running.ok("Cache-Control: no-store\r\n", "served"));
                            continue;
                        }
                        all.incrementAndGet();
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        try {
                            wire.awaitClose();
                        } finally {
                            now.decrementAndGet();
                        }
                    }
                });
                Running running = Running.start(directory, origin, 2);
                RawClient visitor = running.connect()) {
            int farewells = 0;
            for (int turn = 0; turn < 10; turn++) {
                try (RawClient attacker = running.connect()) {
                    FrameWire frames = FrameWire.greet(attacker);
                    for (int stream = 1; stream < 2_000; stream += 2) {
                        String path = "/job/" + turn + '/' + stream;
                        frames.headers(
                                stream,
                                true,
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":authority",
                                "shop.test",
                                ":path",
                                path);
                        frames.reset(stream, 8);
                    }
                    FrameWire.Frame last = frames.next(FrameWire.GOAWAY);
                    farewells += last.payload()[7] == 11 ? 1 : 0; // ENHANCE_YOUR_CALM
                } catch (IOException cut) {
                    farewells++;
                }
                assertThat(visitor.send(Running.get("/visitor")).answer().body())
                        .isEqualTo("served");
            }
            eventually("nobody works for whoever has left", () -> now.get() == 0);
            assertThat(farewells).as("times that it was sent away").isEqualTo(10);
            assertThat(most.get()).as("requests at the origin at once").isLessThanOrEqualTo(100);
            assertThat(all.get()).as("requests at the origin").isLessThanOrEqualTo(10 * 250);
        }
    }

    @Test
    void slowClientsAreCutAndOthersServedMeanwhile() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1, """
                        listeners:
                          web:
                            bind: "127.0.0.1:0"
                            limits: { header-timeout: 1s, body-timeout: 1s, idle-timeout: 1s, connections: 1000 }
                        """)) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                RawClient client = running.connect();
                slow.add(client);
                switch (i % 5) {
                    case 0 -> client.send("GET / HTT");
                    case 1 -> client.send("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 9\r\n\r\nx");
                    case 2 -> client.send(FrameWire.PREFACE).send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0});
                    case 3 -> client.send(FrameWire.PREFACE.substring(0, 9));
                    default -> {}
                }
            }
            for (int i = 0; i < 20; i++) {
                assertThat(running.fetch("/visitor").body()).isEqualTo("page of /visitor");
            }
            for (RawClient client : slow) {
                byte[] last = client.in().readAllBytes(); // to the end, which comes by itself
                assertThat(new String(last, StandardCharsets.ISO_8859_1)).doesNotContain(" 200 ");
                client.close();
            }
        }
    }

    /** What a browser can be made to send by a page of somebody else's changes nothing, and reads nothing. */
    @Test
    void theAdminPortIsNotForOtherSitesPages() throws Exception {
        String purge = "{\"all\":true}";
        List<String> asked = List.of(
                "POST /v1/purge|localhost|Content-Type: application/x-www-form-urlencoded\r\n",
                "POST /v1/purge|localhost|Content-Type: text/plain\r\nOrigin: http://evil.test\r\n",
                "POST /v1/purge|localhost|Content-Type: multipart/form-data; boundary=x\r\nSec-Fetch-Site: cross-site\r\n",
                "POST /v1/purge|localhost|Content-Type: application/json\r\nOrigin: http://evil.test\r\n",
                "POST /v1/purge|evil.test:9180|Content-Type: application/json\r\n",
                "POST /v1/drain|evil.test|Content-Type: application/json\r\n",
                "GET /v1/purge?all=true|localhost|Content-Type: application/json\r\n",
                "GET /v1/config|rebound.evil.test|",
                "OPTIONS /v1/purge|localhost|Origin: http://evil.test\r\nAccess-Control-Request-Method: POST\r\n");
        try (ScriptedOrigin origin = ScriptedOrigin.play(AttacksTest::echo);
                Running running = Running.start(directory, origin, 1)) {
            running.fetch("/kept");
            for (String each : asked) {
                String[] parts = each.split("\\|", -1);
                RawClient.Answer answer = running.admin(parts[0] + " HTTP/1.1\r\nHost: " + parts[1] + "\r\n" + parts[2]
                        + "Content-Length: " + purge.length() + "\r\n\r\n" + purge);
                assertThat(answer.status()).as(each).isIn(401, 403, 405, 415, 421);
                assertThat(String.join("\n", answer.head())).doesNotContainIgnoringCase("access-control-allow");
                assertThat(answer.body()).doesNotContain("listeners:");
            }
            assertThat(running.fetch("/kept").field("Cache-Status")).contains("hit");
            assertThat(running.adminGet("/readyz").status()).isEqualTo(200);
        }
    }

    /** RFC 9110 §9.1: on the public side there is no method that purges, whatever it is called and whatever it shows. */
    @ParameterizedTest
    @ValueSource(strings = {"PURGE", "BAN", "REFRESH", "DELETE_ALL", "PURGEALL"})
    void nobodyPurgesThroughTheFrontDoor(String method) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.nextRequest(); !head.isEmpty(); head = wire.nextRequest()) {
                        wire.send(
                                head.startsWith("GET ")
                                        ? Running.ok(FRESH, "page")
                                        : "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            running.fetch("/kept");
            client.send(method + " /kept HTTP/1.1\r\nHost: shop.test\r\nX-Purge-Method: regex\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(405); // the origin's
            assertThat(running.fetch("/kept").field("Cache-Status")).contains("hit");
        }
    }
}
