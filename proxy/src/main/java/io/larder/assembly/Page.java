package io.larder.assembly;

import io.larder.exchange.Allowance;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Inclusion;
import io.larder.exchange.Lack;
import io.larder.fragment.Outline;
import io.larder.fragment.Piece;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.route.FragmentPlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A page on its way to one visitor: all its holes are filled at once, in any order. Confined to its exchange's loop.
 */
final class Page {
    /** The most octets that fragments put into one page. */
    static final long OCTETS = 64L << 20;

    /** Fragments of one page that are fetched at the same time; the others wait for their turn. */
    private static final int AT_ONCE = 64;

    private final Materials materials;
    private final FragmentPlan plan;
    private final Request request;
    private final Exchange exchange;
    private final Inclusion within;
    private final Allowance allowance;
    private final FragmentRequest requests;
    private final boolean stored;
    private final Held held;
    private final List<Hole> holes = new ArrayList<>();
    private final Deque<Hole> waiting = new ArrayDeque<>();
    private final Runnable left = this::abandon;
    private List<Slot> slots = List.of();
    private int running;
    private boolean starting;
    private @Nullable Runnable listener;

    /**
     * @param secret of the visitor's forms; null where the page is not about forms
     * @param held takes room for what is held of it
     */
    Page(
            Materials materials,
            FragmentPlan plan,
            Request request,
            Exchange exchange,
            @Nullable String secret,
            Held held) {
        this.materials = materials;
        this.plan = plan;
        this.request = request;
        this.exchange = exchange;
        this.requests = new FragmentRequest(request, secret);
        this.stored = exchange.journal().isStored();
        this.held = held;
        Inclusion root = root(exchange.inclusion(), plan, secret);
        this.within = root.within(request.target(), null);
        this.allowance = root.allowance();
    }

    private static Inclusion root(@Nullable Inclusion outer, FragmentPlan plan, @Nullable String secret) {
        return outer == null
                ? new Inclusion(List.of(), new Allowance(plan.limits().includes(), OCTETS), secret, null)
                : outer;
    }

    /** Begins to fill the holes of {@code compiled}, as this visitor is to see it. */
    void begin(Compiled compiled, RequestVariables variables) {
        slots = slots(Outline.of(compiled.template(), variables, Compiled.limits(plan)));
        startMore();
        exchange.departure().onGone(left);
    }

    private List<Slot> slots(List<Piece> pieces) {
        List<Slot> all = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            all.add(
                    switch (piece) {
                        case Piece.Octets(var octets, boolean told) -> new Slot.Ready(octets, stored && !told);
                        case Piece.Hole hole -> hole(hole);
                        case Piece.Attempt(List<Piece> attempt, List<Piece> except) ->
                            new Slot.Trial(slots(attempt), false, () -> begun(except));
                        case Piece.Stubbed(Piece.Hole hole, List<Piece> stub) ->
                            new Slot.Trial(List.of(hole(hole)), true, () -> begun(stub));
                    });
        }
        return all;
    }

    private List<Slot> begun(List<Piece> pieces) {
        List<Slot> more = slots(pieces);
        startMore();
        return more;
    }

    private Hole hole(Piece.Hole piece) {
        Hole hole = new Hole(this, piece);
        holes.add(hole);
        waiting.add(hole);
        return hole;
    }

    private void startMore() {
        if (starting) {
            return; // it is done below, where fragments settle at once
        }
        starting = true;
        while (running < AT_ONCE && !waiting.isEmpty()) {
            running++;
            waiting.remove().fill();
        }
        starting = false;
    }

    /** One of the holes is filled, or never will be. */
    void settled() {
        running--;
        startMore();
        Runnable told = listener;
        if (told != null && !starting) {
            told.run();
        }
    }

    /** Runs {@code told} whenever something may have changed. */
    void onChange(Runnable told) {
        listener = told;
    }

    /** In the order of the page. */
    List<Slot> slots() {
        return slots;
    }

    /** All places for fragments that were come upon, shown or not. */
    List<Hole> holes() {
        return holes;
    }

    /** Whether it is whole without anything else. */
    boolean hasNoHoles() {
        return holes.isEmpty();
    }

    FragmentPlan plan() {
        return plan;
    }

    /** Nobody wants the page any more, or all of it is there. */
    void abandon() {
        held.end();
        leave();
    }

    /** Nothing more is to be filled; what is held of it is on its way. */
    void leave() {
        listener = null;
        waiting.clear();
        exchange.departure().forget(left);
        holes.forEach(Hole::abandon);
    }

    /** What becomes of the page where one of its holes cannot be filled. */
    Failure failure() {
        return new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "a fragment cannot be had that the page needs");
    }

    /** Where {@code reference} leads, if one more fragment may be asked for. */
    FragmentTarget target(String reference) {
        FragmentTarget found =
                FragmentTarget.of(request.target(), reference, plan.limits().hosts());
        if (!(found instanceof FragmentTarget.Allowed allowed)) {
            return found;
        }
        if (within.depth() > plan.limits().depth()) {
            return new FragmentTarget.Refused(Lack.DEPTH, "too many fragments within one another");
        }
        if (within.around().contains(allowed.target())) {
            return new FragmentTarget.Refused(Lack.CYCLE, "a page within itself");
        }
        return allowance.takeInclude()
                ? found
                : new FragmentTarget.Refused(Lack.COUNT, "too many fragments in one page");
    }

    /** The exchange of a request for one of its fragments. */
    Exchange exchangeFor(@Nullable Duration ttl) {
        Inclusion part = ttl == null ? within : within.freshFor(ttl);
        Exchange child = exchange.forFragment(part);
        return exchange.deadline() == Exchange.NO_DEADLINE ? child : child.within(exchange.remaining());
    }

    CompletionStage<Response> ask(FragmentTarget.Allowed allowed, Exchange part) {
        exchange.journal().includes(allowed.target().pathAndQuery(), part.journal());
        return materials.fragments().handle(requests.of(allowed), part);
    }

    /** Decodes a fragment aside, and gives {@code then} what came of it, null for nothing, on the page's loop. */
    void decode(Bytes content, @Nullable ContentCoding coding, long limit, Consumer<@Nullable Bytes> then) {
        materials
                .aside(() -> coding == null ? null : coding.decode(content, limit), exchange.loop())
                .thenAccept(then);
    }

    /** Reads the body of a fragment. */
    CompletionStage<Gathering.Result> gather(Body body, long limit) {
        return Gathering.of(body, Math.min(limit, allowance.octets()), held);
    }

    /** Reads what came too late for this page to its end, as far as others may want it. */
    void drain(Body body) {
        Held own = new Held(materials.room());
        Gathering.of(body, Hole.LONGEST, own).thenAccept(result -> {
            own.end();
            switch (result) {
                case Gathering.Result.TooLong(var begun, Source rest) -> rest.cancel();
                case Gathering.Result.Crowded(var begun, Source rest) -> rest.cancel();
                case Gathering.Result.Whole whole -> {}
                case Gathering.Result.Broken broken -> {}
            }
        });
    }

    /** Takes room for octets that came in fewer; false where there is none. */
    boolean hold(long octets) {
        return held.take(octets);
    }

    Held held() {
        return held;
    }

    boolean takeOctets(long length) {
        return allowance.takeOctets(length);
    }

    /** A fragment that the page refers to cannot be had. */
    void missed(String source, Lack why, String detail) {
        exchange.journal().missed(source, why, detail);
    }
}
