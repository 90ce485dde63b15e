package io.larder.server.connection;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.exchange.Problem;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What all connections of one listener on one loop share that came while its settings were these. Confined to that loop. */
public record LoopContext(
        Loop loop,
        ListenerSettings settings,
        Serving serving,
        DateLine dates,
        StreamFields fields,
        AltSvc altSvc,
        Connections connections,
        long idleNanos) {

    public LoopContext(Loop loop, ListenerSettings settings, Serving serving) {
        this(
                loop,
                settings,
                serving,
                new DateLine(loop),
                new StreamFields(),
                new AltSvc(settings.protocols().http3()),
                new Connections(),
                settings.timeouts().idle().toNanos());
    }

    public Telemetry telemetry() {
        return serving.telemetry();
    }

    public RequestId newId() {
        return serving.ids().get();
    }

    /** Asks the handler for the response to {@code request}; it is taken at once where there is one. */
    public void ask(Request request, Exchange exchange, BiConsumer<@Nullable Response, @Nullable Throwable> taker) {
        CompletionStage<Response> answer;
        try {
            answer = serving.handler().get().handle(request, exchange);
        } catch (RuntimeException bug) {
            taker.accept(null, bug);
            return;
        }
        if (answer instanceof CompletableFuture<Response> done && done.isDone() && !done.isCompletedExceptionally()) {
            taker.accept(done.resultNow(), null);
        } else {
            answer.whenComplete(taker);
        }
    }

    /** The last resort where the handler has no final response: whoever failed should have answered. */
    public Response problem(Request request, Exchange exchange, @Nullable Throwable cause) {
        Failure failure = Failure.of(cause == null ? new IllegalStateException("not a final response") : cause);
        exchange.journal().failed(failure);
        return Problem.response(failure, exchange.id(), request.headers(), Headers.EMPTY);
    }

    /**
     * The answer to what never became a request, of which ops are told.
     *
     * @param asked what of its headers is known
     */
    public Response rejection(Client client, Malformed refused, Headers asked) {
        telemetry().rejected(client, refused.status(), refused.reason());
        return Problem.response(refused.status(), refused.reason(), newId(), asked, Headers.EMPTY);
    }

    public byte[] dateLine() {
        return dates.at(loop.nanos());
    }
}
