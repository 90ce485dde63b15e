package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** For those who cannot wait: an origin that has not answered when their time is up is as good as one that cannot be reached. */
final class InTime {
    private InTime() {}

    /**
     * {@code fetched}, or at the deadline of the one who asks {@code stale}, where that may be served instead. The fetch goes on,
     * for those who come later.
     */
    static CompletionStage<Response> orStale(
            Quest quest, Stored stale, Delivery delivery, CompletionStage<Response> fetched) {
        Exchange exchange = quest.exchange();
        if (exchange.deadline() == Exchange.NO_DEADLINE) {
            return fetched;
        }
        CompletableFuture<Response> first = new CompletableFuture<>();
        Loop.Timer timer = exchange.loop().schedule(exchange.remaining(), () -> late(quest, stale, delivery, first));
        fetched.whenComplete((response, error) -> {
            timer.cancel();
            boolean wanted = error == null ? first.complete(response) : first.completeExceptionally(error);
            if (!wanted && response != null) {
                response.body().discard();
            }
        });
        return first;
    }

    private static void late(Quest quest, Stored stale, Delivery delivery, CompletableFuture<Response> first) {
        Failure late = new Failure(Failure.Kind.RESPONSE_TIMEOUT, "no answer before the deadline of who asks");
        Optional<Reason> excuse =
                Excuse.of(quest.rules(), stale, late, quest.exchange().loop().now());
        excuse.ifPresent(why -> {
            CacheStatus.Forwarded status = CacheStatus.forwarded(why);
            first.complete(delivery.reused(
                    quest, stale, why, status, quest.exchange().loop().now()));
        });
    }
}
