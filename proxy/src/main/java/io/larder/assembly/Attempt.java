package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Lack;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request for a fragment: its outcome is told once. Confined to the page's loop. */
final class Attempt {
    /** Is told what comes of it. */
    interface Outcome {
        /** A response is looked at, whatever comes of it. */
        void answered(Response response);

        /**
         * It brought the whole fragment.
         *
         * @param lasting whether these octets are kept, and will come again
         */
        void filled(Bytes octets, boolean lasting);

        /**
         * It did not.
         *
         * @param silent whether nothing came that would say for how long
         */
        void failed(Lack why, String detail, boolean silent);
    }

    /** The longest fragment that is held until it is whole, in octets; what is stored is not held, and may be longer. */
    private static final long LONGEST = 4 << 20;

    /** Given to what watches the deadline below, to come up with something stale. */
    private static final Duration GRACE = Duration.ofMillis(2);

    private final Includes includes;
    private final Exchange exchange;
    private final Outcome outcome;
    private Loop.@Nullable Timer timer;
    private boolean over;

    /** @param exchange of its request */
    Attempt(Includes includes, Exchange exchange, Outcome outcome) {
        this.includes = includes;
        this.exchange = exchange;
        this.outcome = outcome;
    }

    /** Asks; may be over before it returns. */
    void begin(FragmentTarget.Allowed target, Duration deadline) {
        CompletionStage<Response> answer = includes.ask(target, exchange);
        Response now = Answered.now(answer);
        if (now != null) {
            answered(now);
        } else {
            answer.whenComplete((response, error) -> {
                if (error != null) {
                    failed(Lack.FAILURE, Failure.of(error).kind().token(), true);
                } else {
                    answered(response);
                }
            });
        }
        if (!over) {
            timer = exchange.loop().schedule(deadline.plus(GRACE), this::late);
        }
    }

    /** The request goes on: what it brings may be kept for those who come later. */
    private void late() {
        failed(Lack.DEADLINE, "no answer in time", true);
    }

    /** Nobody wants the fragment any more. */
    void abandon() {
        if (end()) {
            exchange.departure().announce();
        }
    }

    private void answered(Response response) {
        if (over) {
            includes.drain(response.body(), LONGEST);
            return;
        }
        Unfit unfit = Unfit.of(response);
        outcome.answered(response);
        if (unfit != null) {
            response.body().discard();
            boolean late = response.status() == 504 && exchange.remaining().isNegative();
            failed(late ? Lack.DEADLINE : unfit.why(), unfit.detail(), false);
        } else if (response.body() instanceof Body.Whole(Bytes whole)) {
            read(response, whole);
        } else {
            includes.gather(response.body(), LONGEST).thenAccept(result -> gathered(response, result));
        }
    }

    private void gathered(Response response, Gathering.Result result) {
        switch (result) {
            case Gathering.Result.Whole(Bytes whole) -> read(response, whole);
            case Gathering.Result.TooLong(Bytes begun, var rest) -> {
                rest.cancel();
                failed(Lack.SIZE, "more octets than are held", true);
            }
            case Gathering.Result.Crowded(Bytes begun, var rest) -> {
                rest.cancel();
                crowded();
            }
            case Gathering.Result.Broken(Throwable cause) ->
                failed(Lack.FAILURE, Failure.of(cause).kind().token(), true);
        }
    }

    private void read(Response response, Bytes whole) {
        ContentCoding coding = ContentCoding.of(response.headers());
        if (coding == ContentCoding.IDENTITY) {
            filled(whole, exchange.journal().isStored());
        } else {
            includes.decode(whole, coding, LONGEST, this::decoded);
        }
    }

    private void decoded(@Nullable Bytes text) {
        if (text == null) {
            failed(Lack.CODING, "content that cannot be decoded", false);
        } else if (includes.hold(text.length())) {
            filled(text, false);
        } else {
            crowded();
        }
    }

    private void crowded() {
        failed(Lack.BUDGET, "more octets than all pages may hold", true);
    }

    private void filled(Bytes octets, boolean lasting) {
        if (!over && !includes.takeOctets(octets.length())) {
            failed(Lack.BUDGET, "too many octets in one page", false);
        } else if (end()) {
            outcome.filled(octets, lasting);
        }
    }

    private void failed(Lack why, String detail, boolean silent) {
        if (end()) {
            outcome.failed(why, detail, silent);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        Loop.Timer watch = timer;
        if (watch != null) {
            watch.cancel();
        }
        return true;
    }
}
