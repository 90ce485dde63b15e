package io.larder.gateway;

import io.larder.balance.Endpoint;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.upstream.Servers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends a request again where that is harmless and may help, within the deadline and the budget. */
public final class Retrying implements Handler {
    private final Servers servers;
    private final RetrySettings settings;

    public Retrying(Servers servers, RetrySettings settings) {
        this.servers = servers;
        this.settings = settings;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        servers.budget(exchange.loop()).requested(exchange.loop().nanos());
        Exchange bounded = exchange.within(servers.total());
        if (settings.attempts() == 1) {
            return servers.attempt(request, bounded, new HashSet<>(2));
        }
        Course course = new Course(request, bounded);
        course.attempt();
        return course.answer;
    }

    /** One request on its way through its attempts. Confined to the exchange's loop. */
    private final class Course {
        private final Request request;
        private final Exchange exchange;
        private final @Nullable Guarded guarded;
        private final Set<Endpoint> tried = new HashSet<>(4);
        private final CompletableFuture<Response> answer = new CompletableFuture<>();
        private int attempts;

        Course(Request request, Exchange exchange) {
            this.exchange = exchange;
            if (request.body() instanceof Body.Live live) {
                Guarded source = new Guarded(live.source());
                this.guarded = source;
                this.request = request.withBody(new Body.Live(source, live.length()));
            } else {
                this.guarded = null;
                this.request = request;
            }
        }

        void attempt() {
            attempts++;
            try {
                servers.attempt(request, exchange, tried).whenComplete((response, cause) -> {
                    if (cause != null) {
                        failed(Failure.of(cause));
                    } else {
                        answered(response);
                    }
                });
            } catch (RuntimeException bug) {
                answer.completeExceptionally(bug); // in a later attempt nobody above would see it, and all would wait
            }
        }

        private void failed(Failure why) {
            if (mayFollow(Retries.of(settings, why, request.isIdempotent(), isIntact()))) {
                attempt();
                return;
            }
            if (guarded != null) {
                guarded.release();
            }
            answer.completeExceptionally(why);
        }

        private void answered(Response response) {
            if (mayFollow(Retries.of(settings, response.status(), request.isIdempotent(), isIntact()))) {
                response.body().discard();
                attempt();
            } else {
                answer.complete(response);
            }
        }

        /** Not one byte of the body has been asked for. */
        private boolean isIntact() {
            return guarded == null || !guarded.isTouched();
        }

        private boolean mayFollow(Retries verdict) {
            boolean wanted = switch (verdict) {
                case Retries.Deliver deliver -> false;
                case Retries.Anywhere anywhere -> true;
                case Retries.Elsewhere elsewhere -> servers.hasUntried(tried, exchange);
            };
            return wanted
                    && attempts < settings.attempts()
                    && !exchange.departure().isGone()
                    && exchange.remaining().compareTo(Duration.ZERO) > 0
                    && servers.budget(exchange.loop())
                            .take(settings.budget(), exchange.loop().nanos());
        }
    }

    /** A request body that an attempt which has read none of it cannot cancel, so that the next one finds it whole. */
    private static final class Guarded implements Source {
        private final Source body;
        private boolean touched;

        Guarded(Source body) {
            this.body = body;
        }

        boolean isTouched() {
            return touched;
        }

        /** Lets go of the body if nobody has touched it, and nobody will. */
        void release() {
            if (!touched) {
                body.cancel();
            }
        }

        @Override
        public void read(Sink sink) {
            touched = true;
            body.read(sink);
        }

        @Override
        public void cancel() {
            if (touched) {
                body.cancel();
            }
        }
    }
}
