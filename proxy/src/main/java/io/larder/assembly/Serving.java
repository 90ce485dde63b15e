package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.JointHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes the client's response of a page and its fragments: whole where all of them are there, else as they come, its beginning
 * before any of them. Confined to the page's loop.
 *
 * <p>As long as nothing has gone out, a fragment that the page cannot do without makes it a failure like any other.
 */
final class Serving {
    private final Page page;
    private final Exchange exchange;
    private final RequestVariables variables;
    private final Response response;
    private final Shape shape;
    private final CompletableFuture<Response> answer = new CompletableFuture<>();

    /**
     * @param response that brought the page
     */
    Serving(Page page, Exchange exchange, RequestVariables variables, Response response, Shape shape) {
        this.page = page;
        this.exchange = exchange;
        this.variables = variables;
        this.response = response;
        this.shape = shape;
    }

    /**
     * In what shape it goes out.
     *
     * @param negotiated whether another client may get another form
     * @param unique whether nobody else gets the same, nor this client again
     * @param cookie that the client is given with it; null for none
     * @param tells whether clients are told what a page was put together from
     */
    record Shape(
            Form form,
            boolean negotiated,
            boolean unique,
            @Nullable String cookie,
            boolean tells) {}

    /** Completes when its head can go out. */
    CompletionStage<Response> answer() {
        page.onChange(this::look);
        look();
        return answer;
    }

    private void look() {
        switch (Slot.state(page.slots())) {
            case FILLED -> whole();
            case FAILED -> {
                page.abandon();
                answer.completeExceptionally(page.failure());
            }
            case PENDING -> {
                if (beginsNow()) {
                    Body body = new Body.Live(new PageSource(page, shape.form), Body.UNKNOWN);
                    answer.complete(response(JointHead.unknown(response), body));
                }
            }
        }
    }

    /** Whether something can go out that is not nothing. */
    private boolean beginsNow() {
        for (Slot slot : page.slots()) {
            if (slot.state() != Slot.State.FILLED) {
                return false;
            }
            if (!Slot.isEmpty(List.of(slot))) {
                return true;
            }
        }
        return false;
    }

    private void whole() {
        List<Bytes> octets = new ArrayList<>();
        Form form = shape.form;
        octets.add(form.start());
        for (Slot slot : Slot.flat(page.slots())) {
            octets.add(piece(form, slot));
        }
        octets.add(form.end());
        boolean uncertain = page.holes().stream().anyMatch(Hole::isUncertain);
        List<Response> parts =
                page.holes().stream().flatMap(hole -> hole.answers().stream()).toList();
        page.leave();
        Headers head = shape.unique || uncertain
                ? JointHead.unknown(response)
                : JointHead.of(
                        response,
                        parts,
                        variables.seen(),
                        variables.arePersonal(),
                        exchange.loop().now());
        answer.complete(response(head, Releasing.of(Bytes.concat(octets), page.held())));
    }

    private static Bytes piece(Form form, Slot slot) {
        return switch (slot) {
            case Slot.Ready(Bytes octets, boolean lasting) -> form.piece(octets, lasting);
            case Hole hole -> form.piece(hole.octets(), hole.isLasting());
            case Slot.Trial trial -> throw new IllegalStateException("a choice is left");
        };
    }

    private Response response(Headers joint, Body body) {
        Headers head = shape.negotiated ? JointHead.negotiated(joint) : joint;
        head = shape.form.isGzip() ? head.with(Fields.CONTENT_ENCODING, "gzip") : head;
        String cookie = shape.cookie;
        head = cookie == null
                ? head
                : head.toBuilder().add(Fields.SET_COOKIE, cookie).build();
        head = shape.tells ? Tree.in(head, exchange.journal()) : head;
        return new Response(response.status(), response.reason(), head, body);
    }
}
