package io.larder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls a gateway's admin API. Whatever goes wrong becomes {@link Failed} with one line for the user. */
final class AdminClient {
    /** A successful answer: as it came, and read. */
    record Answer(int status, String text, JsonNode json) {}

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int NONE = 0;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI admin;
    private final @Nullable String token;

    AdminClient(URI admin, @Nullable String token) {
        this.admin = admin;
        this.token = token;
    }

    /** What tells this gateway from others: its host and port. */
    String name() {
        return admin.getAuthority();
    }

    Answer get(String path) throws InterruptedException {
        return read(sent(request(path, ANSWER).GET().build()), NONE);
    }

    Answer post(String path, JsonNode body) throws InterruptedException {
        return post(path, body, Duration.ZERO);
    }

    /** @param longer how much longer than usual the gateway may take, because it was asked to wait */
    Answer post(String path, JsonNode body, Duration longer) throws InterruptedException {
        return read(sent(posting(path, body, longer)), NONE);
    }

    /** @param refusal a status that is an answer like any other, besides those of success */
    Answer post(String path, JsonNode body, int refusal) throws InterruptedException {
        return read(sent(posting(path, body, Duration.ZERO)), refusal);
    }

    private HttpRequest posting(String path, JsonNode body, Duration longer) {
        return request(path, ANSWER.plus(longer))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(admin.resolve(path)).timeout(patience);
        return token == null || token.isEmpty() ? request : authorized(request, token);
    }

    private static HttpRequest.Builder authorized(HttpRequest.Builder request, String token) {
        try {
            return request.header("Authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new Failed(Exit.BAD_INPUT, "the token holds characters that no header may hold");
        }
    }

    private HttpResponse<String> sent(HttpRequest request) throws InterruptedException {
        // An environment's proxy is for the outside; the gateway is ours.
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT)
                .build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new Failed(
                    Exit.FAILED,
                    "no gateway answers at " + admin + ": is it running? Name another with --admin or LARDER_ADMIN");
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "the gateway at " + admin + " cannot be reached: " + e.getMessage());
        }
    }

    private Answer read(HttpResponse<String> response, int refusal) {
        JsonNode json;
        try {
            json = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            json = JSON.missingNode();
        }
        int status = response.statusCode();
        if ((status < 200 || status > 299) && status != refusal) {
            String detail = json.path("detail").asText("status " + status);
            throw new Failed(Exit.FAILED, "the gateway at " + admin + " refuses: " + detail);
        }
        if (!json.isObject()) {
            throw new Failed(Exit.FAILED, "what answers at " + admin + " is no Larder admin API");
        }
        return new Answer(status, response.body(), json);
    }
}
