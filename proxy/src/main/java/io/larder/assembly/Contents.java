package io.larder.assembly;

import io.larder.fragment.Outline;
import io.larder.fragment.Piece;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.FragmentPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a page would be put together from: as {@link Assembling} finds it, without asking for anything. */
public final class Contents {
    /**
     * A fragment that a page asks for.
     *
     * @param source as the page has it
     * @param request for it, with all that it may inherit; null where it leads to nothing that may be asked for
     * @param refused why it does not; empty where it does
     */
    public record Part(String source, @Nullable Request request, String refused) {}

    private final FragmentPlan plan;
    private final Request page;
    private final FragmentRequest requests;
    private final List<Part> parts = new ArrayList<>();

    private Contents(FragmentPlan plan, Request page) {
        this.plan = plan;
        this.page = page;
        this.requests = new FragmentRequest(page, null);
    }

    /** The parts of {@code response}, were it the answer to {@code request}; none where it is no page that is put together. */
    public static List<Part> of(FragmentPlan plan, Request request, Response response, Instant now) {
        Reading reading = Reading.of(plan, response);
        ContentCoding coding = ContentCoding.of(response.headers());
        if (reading == null || coding == null || !(response.body() instanceof Body.Whole(Bytes octets))) {
            return List.of();
        }
        Compiled compiled = Compiled.of(octets, coding, reading, plan);
        if (compiled == null) {
            return List.of();
        }
        RequestVariables variables =
                new RequestVariables(request, "", now, plan.visitor().cookies(), () -> "");
        Contents contents = new Contents(plan, request);
        contents.add(Outline.of(compiled.template(), variables, Compiled.limits(plan)));
        return contents.parts;
    }

    private void add(List<Piece> pieces) {
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Octets octets -> {}
                case Piece.Hole hole -> add(hole);
                case Piece.Attempt(List<Piece> attempt, List<Piece> except) -> {
                    add(attempt);
                    add(except);
                }
                case Piece.Stubbed(Piece.Hole hole, List<Piece> stub) -> {
                    add(hole);
                    add(stub);
                }
            }
        }
    }

    private void add(Piece.Hole hole) {
        add(hole.src());
        hole.alt().ifPresent(this::add);
    }

    private void add(String source) {
        parts.add(
                switch (FragmentTarget.of(page.target(), source, plan.limits().hosts())) {
                    case FragmentTarget.Allowed allowed -> new Part(source, requests.of(allowed), "");
                    case FragmentTarget.Refused(var why, String detail) -> new Part(source, null, detail);
                });
    }
}
