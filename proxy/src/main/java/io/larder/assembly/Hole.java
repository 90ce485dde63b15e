package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Lack;
import io.larder.exchange.Loop;
import io.larder.fragment.Piece;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A hole in a page, and what it takes to fill it: its source, then its alternative, each for no longer than its deadline; at last
 * nothing, or what the route says. A stale copy comes before all that, from the cache that is asked.
 *
 * <p>A fragment stands in the page whole or not at all. Confined to the page's loop.
 */
final class Hole implements Slot {
    /** The longest fragment that is held until it is whole, in octets; what is stored is not held, and may be longer. */
    static final long LONGEST = 4 << 20;

    /** Given to what watches the deadline below, to come up with something stale. */
    private static final Duration GRACE = Duration.ofMillis(2);

    private final Page page;
    private final Piece.Hole piece;
    private final Deque<String> sources = new ArrayDeque<>(2);
    private State state = State.PENDING;
    private Bytes octets = Bytes.EMPTY;
    private boolean lasting;
    private final List<Response> answers = new ArrayList<>(1); // to all that was asked for it
    private boolean silent; // something that was asked for was not answered
    private @Nullable Attempt running;

    Hole(Page page, Piece.Hole piece) {
        this.page = page;
        this.piece = piece;
        sources.add(piece.src());
        piece.alt().ifPresent(sources::add);
    }

    @Override
    public State state() {
        return state;
    }

    /** What fills it. */
    Bytes octets() {
        return octets;
    }

    /** Whether what fills it is kept somewhere. */
    boolean isLasting() {
        return lasting;
    }

    /** What the page depends on through it: all responses that were looked at, whether they fill it or not. */
    List<Response> answers() {
        return answers;
    }

    /** Whether another time something else may stand there, of which no response tells for how long this does. */
    boolean isUncertain() {
        return silent || state == State.PENDING;
    }

    /** Begins to fill it; may be done before it returns. */
    void fill() {
        String source = sources.poll();
        if (source == null) {
            giveUp();
            return;
        }
        switch (page.target(source)) {
            case FragmentTarget.Refused(Lack why, String detail) -> failed(why, detail);
            case FragmentTarget.Allowed allowed -> ask(allowed);
        }
    }

    private void ask(FragmentTarget.Allowed allowed) {
        Duration deadline = piece.deadline().orElse(page.plan().deadline());
        Exchange exchange = page.exchangeFor(piece.ttl().orElse(null)).within(deadline);
        Attempt attempt = new Attempt(exchange);
        running = attempt;
        CompletionStage<Response> answer = page.ask(allowed, exchange);
        Response now = Answered.now(answer);
        if (now != null) {
            attempt.answered(now);
        } else {
            answer.whenComplete((response, error) -> {
                if (error != null) {
                    attempt.silent(Lack.FAILURE, Failure.of(error).kind().token());
                } else {
                    attempt.answered(response);
                }
            });
        }
        if (!attempt.over) {
            attempt.watch(deadline.plus(GRACE));
        }
    }

    /** The page is given up. */
    void abandon() {
        state = state == State.PENDING ? State.FAILED : state;
        Attempt attempt = running;
        if (attempt != null) {
            attempt.abandon();
        }
    }

    private void filled(Bytes content, boolean kept) {
        if (!page.takeOctets(content.length())) {
            failed(Lack.BUDGET, "too many octets in one page");
            return;
        }
        octets = content;
        lasting = kept;
        settle(State.FILLED);
    }

    private void failed(Lack why, String detail) {
        page.missed(piece.written(), why, detail);
        if (state == State.PENDING) {
            fill();
        }
    }

    private void giveUp() {
        String fallback = page.plan().fallback();
        if (piece.optional()) {
            settle(State.FILLED);
        } else if (fallback != null) {
            octets = Bytes.utf8(fallback);
            settle(State.FILLED);
        } else {
            settle(State.FAILED);
        }
    }

    private void settle(State settled) {
        running = null;
        if (state == State.PENDING) {
            state = settled;
            page.settled();
        }
    }

    /** One request for it. */
    private final class Attempt {
        private final Exchange exchange;
        private Loop.@Nullable Timer timer;
        private boolean over;

        Attempt(Exchange exchange) {
            this.exchange = exchange;
        }

        void watch(Duration deadline) {
            timer = exchange.loop().schedule(deadline, this::late);
        }

        /** The request goes on: what it brings may be kept for those who come later. */
        private void late() {
            silent(Lack.DEADLINE, "no answer in time");
        }

        void abandon() {
            if (end()) {
                exchange.departure().announce();
            }
        }

        void answered(Response response) {
            if (over) {
                page.drain(response.body());
                return;
            }
            Unfit unfit = Unfit.of(response);
            answers.add(response);
            if (unfit != null) {
                response.body().discard();
                boolean late = response.status() == 504 && exchange.remaining().isNegative();
                failed(late ? Lack.DEADLINE : unfit.why(), unfit.detail());
            } else if (response.body() instanceof Body.Whole(Bytes whole)) {
                read(response, whole);
            } else {
                page.gather(response.body(), LONGEST).thenAccept(result -> gathered(response, result));
            }
        }

        private void gathered(Response response, Gathering.Result result) {
            switch (result) {
                case Gathering.Result.Whole(Bytes whole) -> read(response, whole);
                case Gathering.Result.TooLong(Bytes begun, var rest) -> {
                    rest.cancel();
                    silent(Lack.SIZE, "more octets than are held");
                }
                case Gathering.Result.Crowded(Bytes begun, var rest) -> {
                    rest.cancel();
                    silent(Lack.BUDGET, "more octets than all pages may hold");
                }
                case Gathering.Result.Broken(Throwable cause) ->
                    silent(Lack.FAILURE, Failure.of(cause).kind().token());
            }
        }

        private void read(Response response, Bytes whole) {
            ContentCoding coding = ContentCoding.of(response.headers());
            if (coding == ContentCoding.IDENTITY) {
                filled(whole, exchange.journal().isStored());
            } else {
                page.decode(whole, coding, LONGEST, text -> {
                    if (text == null) {
                        failed(Lack.CODING, "content that cannot be decoded");
                    } else if (!page.hold(text.length())) {
                        silent(Lack.BUDGET, "more octets than all pages may hold");
                    } else {
                        filled(text, false);
                    }
                });
            }
        }

        private void filled(Bytes text, boolean kept) {
            if (end()) {
                Hole.this.filled(text, kept);
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

        /** Nothing came that would say for how long. */
        void silent(Lack why, String detail) {
            silent = silent || !over;
            failed(why, detail);
        }

        void failed(Lack why, String detail) {
            if (end()) {
                Hole.this.failed(why, detail);
            }
        }
    }
}
