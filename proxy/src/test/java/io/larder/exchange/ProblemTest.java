package io.larder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {
    private static final RequestId ID = new RequestId(255);

    private static String text(Response response) {
        return ((Body.Whole) response.body()).bytes().toUtf8();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, application/problem+json",
                "'text/html, APPLICATION/PROBLEM+JSON;q=0.1', application/problem+json",
        "text/html, text/html; charset=utf-8", "*/*, text/html; charset=utf-8",
    })
    void speaksTheClientsLanguage(String accept, String type) {
        Response response = Problem.response(404, "no such site", ID, Headers.of("Accept", accept), Headers.EMPTY);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.reason()).isEqualTo("Not Found");
        assertThat(response.headers())
                .isEqualTo(Headers.of(
                        "Content-Type", type, "Cache-Control", "no-store", "X-Request-ID", "00000000000000ff"));
        assertThat(text(response))
                .contains("404")
                .contains("Not Found")
                .contains("no such site")
                .contains("00000000000000ff");
    }

    @Test
    void writesProblemsAsRfc9457Has() {
        Response response = Problem.response(
                503,
                "a \"quoted\\\" line\n",
                ID,
                Headers.of("Accept", "application/json"),
                Headers.of("Retry-After", "1"));
        assertThat(text(response))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                        + "\"detail\":\"a \\\"quoted\\\\\\\" line\\u000a\",\"request-id\":\"00000000000000ff\"}\n");
        assertThat(response.headers().size()).isEqualTo(4);
    }

    @Test
    void answersProgramsInJsonWhateverTheyAccept() {
        Response response = Problem.json(405, "use GET", ID, Headers.of("Allow", "GET"));
        assertThat(response)
                .usingRecursiveComparison()
                .isEqualTo(Problem.response(
                        405, "use GET", ID, Headers.of("Accept", "application/json"), Headers.of("Allow", "GET")));
        assertThat(response.headers().first(Fields.CONTENT_TYPE)).isEqualTo("application/problem+json");
    }

    @Test
    void escapesWhatHtmlWouldRead() {
        Response response = Problem.response(400, "<script>\"&\"", ID, Headers.EMPTY, Headers.EMPTY);
        assertThat(text(response)).contains("&lt;script&gt;&quot;&amp;&quot;").doesNotContain("<script");
    }

    @Test
    void aFailureTellsItsKindAndKeepsItsDetail() {
        Failure failure = Failure.of(new CompletionException(new IllegalStateException("secret")));
        Response response = Problem.response(failure, ID, Headers.EMPTY, Headers.EMPTY);
        assertThat(response.status()).isEqualTo(500);
        assertThat(text(response)).contains("proxy_internal_error").doesNotContain("secret");
        assertThat(failure.getCause()).isInstanceOf(IllegalStateException.class);
    }
}
