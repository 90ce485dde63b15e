package io.larder.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.telemetry.Readings;
import io.larder.whatif.Described;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers operators and their tools; a value that holds what it asks. Errors are problem documents (RFC 9457). */
public final class AdminApi implements Handler {
    /** Answers a call that changes nothing. */
    private interface View {
        CompletionStage<Response> show() throws Refused;
    }

    /** The same, for what is known without asking anybody. */
    private interface Known {
        Response show() throws Refused;
    }

    /** Carries out a call that changes something. */
    private interface Act {
        CompletionStage<Response> carryOut(Bytes body, Exchange exchange) throws Refused;
    }

    /** Something that may be refused while it is done. */
    private interface Attempt {
        CompletionStage<Response> run() throws Refused;
    }

    /**
     * What operators can have done.
     *
     * @param draining takes servers out
     * @param drain begins to drain the gateway, and returns at once
     */
    public record Deeds(
            Purging purging, Explaining explaining, Reloading reloading, Draining draining, Runnable drain) {}

    /** What must be answered even when everything else waits. */
    private static final Set<String> PROMPT = Set.of("/", "/livez", "/readyz");

    private final Supplier<Guard> guard;
    private final State state;
    private final Deeds deeds;
    private final Events events;
    private final Executor aside;
    private final Function<String, @Nullable Duration> durations;
    private final Map<String, View> views;
    private final Map<String, Act> acts;

    /**
     * @param guard of the present, asked for each call
     * @param aside runs what takes its time, which clients on the same loop must not wait for: scrapes, long purges
     * @param durations reads what is written such as {@code 5s}; null when it is none
     */
    public AdminApi(
            Supplier<Guard> guard,
            State state,
            Deeds deeds,
            Events events,
            Executor aside,
            Function<String, @Nullable Duration> durations) {
        this.guard = guard;
        this.state = state;
        this.deeds = deeds;
        this.events = events;
        this.aside = aside;
        this.durations = durations;
        this.views = Map.of(
                "/", known(() -> Answers.text(200, "text/html; charset=utf-8", IndexPage.HTML)),
                "/livez", known(() -> Answers.text(200, "text/plain; charset=utf-8", "alive\n")),
                "/readyz", known(this::readiness),
                "/metrics", known(this::metrics),
                "/v1/status", known(() -> Answers.json(200, state.status())),
                "/v1/config", known(() -> Answers.text(200, "application/yaml", state.config())),
                "/v1/nodes", () -> state.nodes().thenApply(nodes -> Answers.json(200, nodes)),
                "/v1/upstreams", known(() -> Answers.json(200, Map.of("upstreams", state.upstreams()))),
                "/v1/sites", known(() -> Answers.json(200, Map.of("sites", state.sites()))));
        this.acts = Map.of(
                "/v1/purge", this::purge,
                "/v1/explain", this::explain,
                "/v1/reload", this::reload,
                "/v1/drain", this::drain);
    }

    private static View known(Known what) {
        return () -> CompletableFuture.completedFuture(what.show());
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        exchange.journal().routed("admin", request.target().path().startsWith("/v1/") ? "api" : "pages");
        CompletionStage<Response> answer;
        try {
            answer = answer(request, exchange);
        } catch (Refused | RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.handleAsync(
                (response, failure) -> failure == null ? response : failed(failure, request, exchange),
                exchange.loop()::execute);
    }

    private CompletionStage<Response> answer(Request request, Exchange exchange) throws Refused {
        guard.get().check(request);
        String path = request.target().path();
        View view = views.get(path);
        Act act = acts.get(path);
        if (path.equals("/v1/events")) {
            return listen(request, exchange);
        }
        if (view != null) {
            return show(view, request, PROMPT.contains(path) ? Runnable::run : aside);
        }
        if (act != null) {
            return carryOut(act, request, exchange);
        }
        if (ServerCall.isMeantBy(path)) {
            return carryOut((body, own) -> drainServer(ServerCall.parse(path, Json.read(body))), request, exchange);
        }
        throw Refused.of(404, "there is nothing here; GET / lists what there is");
    }

    private static CompletionStage<Response> show(View view, Request request, Executor where) throws Refused {
        boolean head = isHead(request);
        return CompletableFuture.completedFuture(view)
                .thenComposeAsync(shown -> attempt(shown::show), where)
                .thenApply(answer -> head ? Answers.head(answer) : answer);
    }

    /** Whether only the head of a view is wanted; of what is no view's request nothing. */
    private static boolean isHead(Request request) throws Refused {
        boolean head = request.is("HEAD");
        if (!head && !request.is("GET")) {
            throw Refused.methodNotAllowed(request.method(), "GET, HEAD");
        }
        request.body().discard();
        return head;
    }

    /** What happens from now on, for as long as the client likes. */
    private CompletionStage<Response> listen(Request request, Exchange exchange) throws Refused {
        Body body = isHead(request)
                ? Body.none()
                : events.listen(exchange.loop())
                        .<Body>map(source -> new Body.Live(source, Body.UNKNOWN))
                        .orElseThrow(() -> Refused.of(503, "too many listen already, or the gateway is stopping"));
        return CompletableFuture.completedFuture(Answers.of(200, "text/event-stream; charset=utf-8", body));
    }

    private static CompletionStage<Response> attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (Refused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Response> carryOut(Act act, Request request, Exchange exchange) throws Refused {
        if (!request.is("POST")) {
            throw Refused.methodNotAllowed(request.method(), "POST");
        }
        // A page of another site can send forms and text without asking first, but not JSON.
        if (!isJson(request.headers().combined(Fields.CONTENT_TYPE))) {
            throw Refused.of(415, "the Content-Type must be application/json");
        }
        return Content.of(request.body()).thenComposeAsync(body -> attempt(() -> act.carryOut(body, exchange)), aside);
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().equalsIgnoreCase("application/json");
    }

    private static Response failed(Throwable thrown, Request request, Exchange exchange) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        request.body().discard();
        if (cause instanceof Refused refused) {
            return refused.response(exchange.id());
        }
        Failure failure = Failure.of(cause);
        exchange.journal().failed(failure);
        return Refused.of(failure.kind().status(), "this call failed; the gateway's log says why")
                .response(exchange.id());
    }

    private Response readiness() {
        State.Readiness readiness = state.readiness();
        return Answers.text(readiness.ready() ? 200 : 503, "text/plain; charset=utf-8", readiness.reason() + "\n");
    }

    private Response metrics() throws Refused {
        return state.metrics()
                .map(text -> Answers.text(200, "text/plain; version=0.0.4; charset=utf-8", text))
                .orElseThrow(() -> Refused.of(404, "metrics are switched off: metrics.prometheus"));
    }

    private CompletionStage<Response> purge(Bytes body, Exchange exchange) throws Refused {
        PurgeOrder order = PurgeCall.parse(Json.read(body), durations);
        return deeds.purging()
                .purge(order, exchange)
                .thenApply(report -> Answers.json(report.isComplete() ? 200 : 202, PurgeCall.json(report)));
    }

    private CompletionStage<Response> explain(Bytes body, Exchange exchange) throws Refused {
        Described described = ExplainCall.parse(Json.read(body));
        return CompletableFuture.completedFuture(
                Answers.json(200, deeds.explaining().explain(described)));
    }

    private CompletionStage<Response> reload(Bytes body, Exchange exchange) throws Refused {
        requireNothing(body, "a reload");
        return deeds.reloading().reload().thenApply(report -> ReloadCall.response(report, exchange.id()));
    }

    private static void requireNothing(Bytes body, String what) throws Refused {
        if (!body.isEmpty() && !Json.read(body).equals(JsonNodeFactory.instance.objectNode())) {
            throw Refused.of(400, what + " takes no parameters: send {}");
        }
    }

    private CompletionStage<Response> drainServer(ServerCall call) throws Refused {
        return switch (deeds.draining().drain(call.upstream(), call.server(), call.out())) {
            case DONE -> CompletableFuture.completedFuture(Answers.json(200, server(call)));
            case NO_SUCH_UPSTREAM -> throw Refused.of(404, "no upstream is called " + call.upstream());
            case NO_SUCH_SERVER ->
                throw Refused.of(404, "the upstream " + call.upstream() + " has no server " + call.server());
        };
    }

    private Readings.Server server(ServerCall call) throws Refused {
        return state.upstreams().stream()
                .filter(upstream -> upstream.name().equals(call.upstream()))
                .flatMap(upstream -> upstream.servers().stream())
                .filter(server -> server.address().equals(call.server()))
                .findFirst()
                .orElseThrow(() -> Refused.of(404, "the server " + call.server() + " is gone"));
    }

    private CompletionStage<Response> drain(Bytes body, Exchange exchange) throws Refused {
        requireNothing(body, "a drain");
        deeds.drain().run();
        return CompletableFuture.completedFuture(Answers.json(202, Map.of("phase", State.Phase.DRAINING)));
    }
}
