package io.larder.whatif;

import io.larder.assembly.Contents;
import io.larder.exchange.Allowance;
import io.larder.http.Body;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.Stored;
import io.larder.route.FragmentPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a stored page is put together from: each part explained as a request of its own, and those that it consists of itself below
 * it.
 *
 * @param asker who asks for the page
 * @param allowance how many parts, of whatever depth, are still told of
 * @param around the targets of the pages that this one is for, the outermost first
 */
record Fragments(
        Setup setup,
        Described described,
        Asker asker,
        Present present,
        Instant now,
        List<Target> around,
        Allowance allowance) {
    /** How many are told of. */
    static final int MOST = 64;

    /** Empty where {@code stored}, which answers {@code asked}, is no page that is put together. */
    Optional<Step> of(FragmentPlan plan, Request asked, Stored stored) {
        Response response = new Response(
                stored.status(),
                stored.reason(),
                stored.headers(),
                stored.head().surrogate(),
                new Body.Whole(stored.body()));
        List<Contents.Part> parts = Contents.of(plan, asked, response, now);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        String many = parts.size() == 1 ? "one fragment" : parts.size() + " fragments";
        Step step = Step.of(Topic.FRAGMENTS, many);
        for (Contents.Part part : parts.subList(0, Math.min(parts.size(), MOST))) {
            step = explained(plan, asked, part, step);
        }
        return Optional.of(parts.size() > MOST ? step.note("...", parts.size() - MOST + " more") : step);
    }

    private Step explained(FragmentPlan plan, Request asked, Contents.Part part, Step to) {
        Request request = part.request();
        if (request == null) {
            return to.note(part.source(), "is not asked for: " + part.refused());
        }
        List<Target> within =
                Stream.concat(around.stream(), Stream.of(asked.target())).toList();
        if (!allowance.takeInclude()) {
            return to.note(part.source(), "and more");
        }
        if (within.size() > plan.limits().depth() || within.contains(request.target())) {
            return to.note(part.source(), "is not asked for: too deep, or a page within itself");
        }
        Described inner = new Described(request, described.listener(), described.peer(), null);
        Explanation own = Explain.ofFragment(setup, inner, asker, present, now, within, allowance);
        String path = request.target().pathAndQuery();
        Step told = to.note(path, own.verdict().sentence());
        return own.steps().stream()
                .filter(step -> step.topic().equals(Topic.FRAGMENTS.word()))
                .flatMap(step -> step.notes().stream())
                .reduce(
                        told,
                        (step, note) -> step.note(path + " > " + note.name(), note.text()),
                        (one, other) -> other);
    }
}
