package io.larder.scenario;

import io.larder.scenario.Step.Ask;
import io.larder.scenario.Step.Expected;
import io.larder.scenario.Step.Sent;
import io.larder.testing.RawClient;
import io.larder.testing.RawClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One scenario, played once. */
final class Performance implements AutoCloseable {
    private static final Pattern MATCHED = Pattern.compile("\"matched\" ?: ?(\\d+)");
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long PACE_MILLIS = 20; // between two tries of a step that will be as expected eventually

    /**
     * What came back.
     *
     * @param response null where the connection ended inside it
     */
    private record Heard(List<Answer> interim, @Nullable Answer response, String trouble) {}

    private final Scenario scenario;
    private final Stage stage;
    private final Cast cast;
    private final Words words;
    private final Map<String, RawClient> connections = new LinkedHashMap<>();

    Performance(Scenario scenario, Stage stage) {
        this.scenario = scenario;
        this.stage = stage;
        this.cast = stage.cast(scenario);
        Map<String, String> known = new TreeMap<>();
        known.put("host", stage.host(scenario));
        known.put("port", String.valueOf(stage.address().getPort()));
        cast.ports().forEach((server, port) -> known.put("at " + server, "127.0.0.1:" + port));
        this.words = new Words(stage.clock(), known);
    }

    /** Plays it to its end, or to the first step that does not go as expected. */
    void play() throws IOException, InterruptedException {
        int number = 0;
        Differences late = new Differences(words);
        for (Step step : scenario.steps()) {
            number++;
            String place = scenario.place() + ", step " + number;
            switch (step) {
                case Step.After after -> stage.clock().step(after.time());
                case Step.Purge purge -> purge(purge, place);
                case Step.Stop stop -> cast.stop(stop.server());
                case Step.Start start -> cast.start(start.server());
                case Ask ask -> late = ask(ask, place + " (" + ask.request().line() + ")");
            }
            // what an origin is asked when nobody waits for it any more is noted between the steps
            complain(place, late, "");
        }
    }

    private Differences ask(Ask ask, String place) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Differences differences = new Differences(words);
            cast.rehearse(ask.turns(), words, differences);
            Heard heard = heard(ask.request());
            cast.finish(ask.eventually() ? PACE_MILLIS : PATIENCE_NANOS / 1_000_000);
            compare(ask, heard, differences);
            if (differences.found().isEmpty()) {
                return differences;
            }
            if (!ask.eventually() || System.nanoTime() > end) {
                complain(place, differences, text(heard));
            }
        }
    }

    private static void complain(String place, Differences differences, String context) {
        if (!differences.found().isEmpty()) {
            throw new AssertionError(
                    place + ":\n  " + String.join("\n  ", differences.found()) + "\n" + context.indent(4));
        }
    }

    private Heard heard(Sent request) throws IOException {
        RawClient client = connection(request.connection());
        List<Answer> interim = new ArrayList<>();
        try {
            client.send(wire(request));
            Answer answer = client.answer(request.method());
            while (answer.status() < 200) {
                interim.add(answer);
                answer = client.answer(request.method());
            }
            return new Heard(interim, answer, "");
        } catch (IOException | IndexOutOfBoundsException cut) {
            drop(request.connection());
            return new Heard(interim, null, String.valueOf(cut.getMessage()));
        }
    }

    private RawClient connection(String name) throws IOException {
        RawClient open = connections.get(name);
        if (open == null) {
            open = new RawClient(stage.address());
            connections.put(name, open);
        }
        return open;
    }

    private void drop(String name) throws IOException {
        RawClient closed = connections.remove(name);
        if (closed != null) {
            closed.close();
        }
    }

    private String wire(Sent request) {
        if (request.raw() != null) {
            return Cast.crlf(words.fill(request.raw()));
        }
        StringBuilder wire = new StringBuilder(words.fill(request.line())).append(" HTTP/1.1\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of("{host}"));
        headers.putAll(request.headers());
        String body = request.body();
        if (body != null && !headers.containsKey("Transfer-Encoding")) {
            headers.put(
                    "Content-Length", List.of(String.valueOf(words.fill(body).length())));
        }
        headers.forEach((name, values) -> values.stream()
                .filter(value -> !value.equals("absent"))
                .forEach(value ->
                        wire.append(name).append(": ").append(words.fill(value)).append("\r\n")));
        return wire.append("\r\n").append(body == null ? "" : words.fill(body)).toString();
    }

    private void compare(Ask ask, Heard heard, Differences differences) throws IOException {
        Expected expected = ask.expected();
        if (expected.interim() != null) {
            String heads = heard.interim().stream()
                    .map(answer -> String.join("\r\n", answer.head()))
                    .collect(Collectors.joining("\r\n\r\n"));
            String wanted = expected.interim().stream()
                    .map(head -> Cast.crlf(head.strip()))
                    .collect(Collectors.joining("\r\n\r\n"));
            differences.equal("interim responses", wanted, heads);
        }
        Answer answer = heard.response();
        if (expected.truncated() != (answer == null)) {
            differences.add(
                    answer == null
                            ? "the connection ended inside the response: " + heard.trouble()
                            : "the response came whole");
        }
        if (answer != null) {
            compare(expected, answer, differences);
            closing(ask.request().connection(), expected, answer, differences);
        }
    }

    private void compare(Expected expected, Answer answer, Differences differences) {
        if (expected.status() != 0) {
            differences.equal("status", String.valueOf(expected.status()), String.valueOf(answer.status()));
        }
        differences.fields("response field", expected.headers(), answer.head());
        if (expected.body() != null) {
            differences.equal("body", expected.body(), answer.body());
        }
        if (expected.age() != null) {
            age(expected.age(), answer, differences);
        }
        List<String> said = List.of(answer.field("Cache-Status").split("; ?"));
        stage.told(answer.field("Cache-Status"));
        for (String parameter : expected.cache()) {
            boolean wanted = !parameter.startsWith("!");
            if (said.contains(wanted ? parameter : parameter.substring(1)) != wanted) {
                differences.add("Cache-Status: expected " + parameter + ", was " + answer.field("Cache-Status"));
            }
        }
    }

    private static void age(String expected, Answer answer, Differences differences) {
        String said = answer.field("Age");
        boolean number = said.matches("\\d+");
        boolean right = switch (expected.charAt(0)) {
            case '>' -> number && Long.parseLong(said) >= Long.parseLong(expected.substring(2));
            case '<' -> number && Long.parseLong(said) <= Long.parseLong(expected.substring(2));
            default -> said.equals(expected);
        };
        if (!right) {
            differences.add("Age: expected " + expected + ", was " + (said.isEmpty() ? "absent" : said));
        }
    }

    private void closing(String name, Expected expected, Answer answer, Differences differences) throws IOException {
        if (expected.closed()) {
            if (!connection(name).isEnded()) {
                differences.add("the connection goes on");
            }
        } else if (answer.closes()) {
            differences.add("the connection ends");
        }
        if (answer.closes() || expected.closed()) {
            drop(name);
        }
    }

    private static String text(Heard heard) {
        Answer answer = heard.response();
        return answer == null ? "no whole response" : String.join("\n", answer.head()) + "\n\n" + answer.body();
    }

    private void purge(Step.Purge purge, String place) throws IOException {
        String json = purge.order().entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":" + json(e.getKey(), e.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        try (RawClient operator = new RawClient(stage.admin())) {
            operator.send("POST /v1/purge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + json.length() + "\r\n\r\n" + json);
            Answer answer = operator.answer();
            Matcher matched = MATCHED.matcher(answer.body());
            if (answer.status() != 200 || !matched.find()) {
                throw new AssertionError(place + ": the purge failed: " + answer.status() + " " + answer.body());
            }
            if (purge.matched() != null && purge.matched() != Integer.parseInt(matched.group(1))) {
                throw new AssertionError(place + ": purged " + matched.group(1) + ", expected " + purge.matched());
            }
        }
    }

    private String json(String key, List<String> values) {
        if (key.equals("all") || key.equals("soft") || key.equals("dry-run")) {
            return values.get(0);
        }
        if (key.equals("host")) {
            return "\"" + words.fill(values.get(0)) + "\"";
        }
        return values.stream().map(value -> "\"" + words.fill(value) + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() throws IOException {
        for (RawClient connection : connections.values()) {
            connection.close();
        }
    }
}
