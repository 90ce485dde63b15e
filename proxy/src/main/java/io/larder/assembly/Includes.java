package io.larder.assembly;

import io.larder.exchange.Allowance;
import io.larder.exchange.Exchange;
import io.larder.exchange.Inclusion;
import io.larder.exchange.Lack;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.route.FragmentPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the holes of one page are asked for: where references lead, on whose behalf, and in how much memory. Confined to the
 * page's loop.
 */
final class Includes {
    /** The most octets that fragments put into one page. */
    static final long OCTETS = 64L << 20;

    private final Materials materials;
    private final FragmentPlan plan;
    private final Request page;
    private final Exchange exchange;
    private final Inclusion within;
    private final Allowance allowance;
    private final FragmentRequest requests;
    private final Held held;

    /**
     * @param exchange of the request for the page
     * @param secret of the visitor's forms; null where the page is not about forms
     * @param held takes room for what is held of the page
     */
    Includes(
            Materials materials,
            FragmentPlan plan,
            Request page,
            Exchange exchange,
            @Nullable String secret,
            Held held) {
        this.materials = materials;
        this.plan = plan;
        this.page = page;
        this.exchange = exchange;
        this.requests = new FragmentRequest(page, secret);
        this.held = held;
        Inclusion root = root(exchange.inclusion(), plan, secret);
        this.within = root.within(page.target(), null);
        this.allowance = root.allowance();
    }

    private static Inclusion root(@Nullable Inclusion outer, FragmentPlan plan, @Nullable String secret) {
        return outer == null
                ? new Inclusion(List.of(), new Allowance(plan.limits().includes(), OCTETS), secret, null)
                : outer;
    }

    FragmentPlan plan() {
        return plan;
    }

    /** Of the page. */
    Exchange exchange() {
        return exchange;
    }

    Held held() {
        return held;
    }

    /** Where {@code reference} leads, if one more fragment may be asked for. */
    FragmentTarget target(String reference) {
        FragmentTarget found =
                FragmentTarget.of(page.target(), reference, plan.limits().hosts());
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

    /** The exchange of a request for a fragment that is fresh for {@code ttl}; null: for as long as it says. */
    Exchange exchangeFor(@Nullable Duration ttl) {
        Inclusion part = ttl == null ? within : within.freshFor(ttl);
        Exchange child = exchange.forFragment(part);
        return exchange.deadline() == Exchange.NO_DEADLINE ? child : child.within(exchange.remaining());
    }

    CompletionStage<Response> ask(FragmentTarget.Allowed allowed, Exchange part) {
        exchange.journal().includes(allowed.target().pathAndQuery(), part.journal());
        return materials.fragments().handle(requests.of(allowed), part);
    }

    /** Reads the body of a fragment. */
    CompletionStage<Gathering.Result> gather(Body body, long limit) {
        return Gathering.of(body, Math.min(limit, allowance.octets()), held);
    }

    /** Reads what came too late for this page to its end, as far as others may want it. */
    void drain(Body body, long limit) {
        Held own = new Held(materials.room());
        Gathering.of(body, limit, own).thenAccept(result -> {
            own.end();
            switch (result) {
                case Gathering.Result.TooLong(var begun, Source rest) -> rest.cancel();
                case Gathering.Result.Crowded(var begun, Source rest) -> rest.cancel();
                case Gathering.Result.Whole whole -> {}
                case Gathering.Result.Broken broken -> {}
            }
        });
    }

    /** Decodes a fragment aside, and gives {@code then} what came of it, null for nothing, on the page's loop. */
    void decode(Bytes content, @Nullable ContentCoding coding, long limit, Consumer<@Nullable Bytes> then) {
        materials
                .aside(() -> coding == null ? null : coding.decode(content, limit), exchange.loop())
                .thenAccept(then);
    }

    /** Takes room for octets that came in fewer; false where there is none. */
    boolean hold(long octets) {
        return held.take(octets);
    }

    /** Takes octets of what the page may have; false where it has too many. */
    boolean takeOctets(long length) {
        return allowance.takeOctets(length);
    }

    /** A fragment that the page refers to cannot be had. */
    void missed(String source, Lack why, String detail) {
        exchange.journal().missed(source, why, detail);
    }
}
