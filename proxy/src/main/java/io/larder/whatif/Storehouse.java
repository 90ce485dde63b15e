package io.larder.whatif;

import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.Alike;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Completion;
import io.larder.policy.Parts;
import io.larder.policy.Portion;
import io.larder.policy.Preconditions;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Revalidation;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.route.CachePlan;
import io.larder.whatif.Explanation.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the cache does with a request that it may answer.
 *
 * @param plan of the route, within its partition
 * @param response that the origin gives; null where nobody said
 */
record Storehouse(Asking asking, CachePlan plan, @Nullable Response response, Instant now) {

    Verdict explain(Request asked, List<Step> steps) {
        CacheKey key = CacheKey.of(rules().key(), asked);
        steps.add(Keying.step(asking.decided(), rules(), asking.taken().request(), asked, key));
        CacheKey own = CacheKey.owned(rules(), asked, key);
        if (own == null || !forOne().isKept(asked, own)) {
            return look(asked, key, steps);
        }
        steps.add(Step.of(Topic.KEY, "what is kept for this client alone comes first")
                .at(asking.decided().place("private")));
        return forOne().look(asked, own, steps);
    }

    private Storehouse forOne() {
        return new Storehouse(asking, new CachePlan(rules().forOne(), plan.collapse(), plan.tags()), response, now);
    }

    private boolean isKept(Request asked, CacheKey own) {
        return asking.present().tiers(own).stream()
                .map(tier -> Reuse.of(rules(), asked, tier.variants(), now))
                .anyMatch(reuse -> !(reuse instanceof Reuse.Unusable || reuse instanceof Reuse.Unsatisfiable));
    }

    private Verdict look(Request asked, CacheKey key, List<Step> steps) {
        List<Present.Tier> tiers = asking.present().tiers(key);
        steps.add(Shelves.step(asking.decided(), tiers, asked, now));
        return switch (Reuse.of(rules(), asked, found(asked, tiers), now)) {
            case Reuse.Fresh(Stored fresh, Reason why) -> served(asked, fresh, why, steps);
            case Reuse.StaleWhileRevalidating(Stored stale, Reason why) -> {
                Verdict verdict = served(asked, stale, why, steps);
                steps.add(asking.origin(Revalidation.request(asked, stale)));
                steps.add(asking.server());
                yield verdict;
            }
            case Reuse.Validate(Stored stale, Reason why) -> fetched(asked, key, stale, why, steps);
            case Reuse.Unusable(Reason why) ->
                alike(asked, key, steps).orElseGet(() -> missing(asked, key, why, steps));
            case Reuse.Unsatisfiable(Reason why) ->
                alike(asked, key, steps)
                        .or(() -> parts(asked, key)
                                .filter(parts -> answer(asked, parts))
                                .map(parts -> served(asked, parts, steps)))
                        .orElseGet(() -> forbidden(why, steps));
        };
    }

    /** What the request finds: where the nearest tier cannot answer it, all that there is in any. */
    private Variants found(Request asked, List<Present.Tier> tiers) {
        Variants nearest = tiers.isEmpty() ? Variants.NONE : tiers.get(0).variants();
        return switch (Reuse.of(rules(), asked, nearest, now)) {
            case Reuse.Fresh fresh -> nearest;
            case Reuse.StaleWhileRevalidating stale -> nearest;
            case Reuse.Validate stale -> all(tiers);
            case Reuse.Unusable none -> all(tiers);
            case Reuse.Unsatisfiable none -> all(tiers);
        };
    }

    private static Variants all(List<Present.Tier> tiers) {
        Variants all = Variants.NONE;
        for (Present.Tier tier : tiers.reversed()) {
            for (Stored stored : tier.variants().all().reversed()) {
                all = all.with(stored);
            }
        }
        return all;
    }

    /** What was stored by another query, and says that it answers this one, too. */
    private Optional<Verdict> alike(Request asked, CacheKey key, List<Step> steps) {
        CacheKey other = asking.present().alike(key);
        if (other == null) {
            return Optional.empty();
        }
        Variants stored = all(asking.present().tiers(other));
        return Alike.of(rules(), asked, key, other, stored, now).map(alike -> {
            steps.add(Shelves.step(asking.decided(), alike, now));
            return served(asked, alike.use().stored(), alike.use().reason(), steps);
        });
    }

    private Verdict forbidden(Reason why, List<Step> steps) {
        steps.add(reuse("504: " + Meaning.of(why), why));
        return new Verdict("error", why.code(), "504: " + Meaning.of(why));
    }

    /** The whole is not there: parts of it may be. */
    private Verdict missing(Request asked, CacheKey key, Reason why, List<Step> steps) {
        if (Portion.asksForPart(asked) && !Portion.isUnderstood(asked)) {
            steps.add(reuse("nothing: the range is not understood", Reason.RANGE));
            steps.add(asking.origin(asked));
            steps.add(asking.server());
            return new Verdict(
                    "bypass", Reason.RANGE.code(), "goes to the origin past the cache: it knows such ranges");
        }
        Optional<Parts> parts = asked.is("GET") ? parts(asked, key) : Optional.empty();
        if (parts.isPresent() && answer(asked, parts.get())) {
            return served(asked, parts.get(), steps);
        }
        return fetched(asked, key, null, missed(asked, key, parts.isPresent() ? Reason.PARTIAL_MISS : why), steps);
    }

    /** The fresh parts that are stored. */
    private Optional<Parts> parts(Request asked, CacheKey key) {
        return asking.present().tiers(key.partial()).stream()
                .map(tier -> Reuse.of(rules(), asked, tier.variants(), now))
                .flatMap(reuse -> reuse instanceof Reuse.Fresh(Stored stored, Reason why)
                        ? Parts.of(stored).stream()
                        : Stream.empty())
                .findFirst();
    }

    private boolean answer(Request asked, Parts parts) {
        return Preconditions.of(asked, parts.stored()) instanceof Preconditions.NotModified
                || parts.satisfy(asked, now);
    }

    private Verdict served(Request asked, Parts parts, List<Step> steps) {
        List<String> runs = parts.runs().stream().map(Object::toString).toList();
        Verdict verdict = served(asked, parts.stored(), Reason.FRESH, steps);
        steps.add(steps.removeLast().note("parts", runs).note("of", Amounts.bytes(parts.complete())));
        return verdict;
    }

    private CacheRules rules() {
        return plan.rules();
    }

    private Step reuse(String answer, Reason why) {
        return Step.of(Topic.REUSE, answer).because(why).at(asking.decided().place(why));
    }

    private Verdict served(Request asked, Stored stored, Reason why, List<Step> steps) {
        boolean fresh = stored.isFresh(now);
        String time = fresh
                ? "fresh for " + Amounts.time(stored.left(now)) + " more"
                : "stale for " + Amounts.time(-stored.left(now));
        Step step = reuse("served: " + time, why);
        boolean current = Preconditions.of(asked, stored) instanceof Preconditions.NotModified;
        Optional<Step> parts = asking.parts(asked, stored);
        steps.add(current && parts.isEmpty() ? step.note("client", "has it already: 304") : step);
        parts.ifPresent(steps::add);
        String meaning = why == Reason.FRESH ? "" : ", " + Meaning.of(why);
        return new Verdict(fresh ? "hit" : "stale", why.code(), (fresh ? "hit: " : "stale hit: ") + time + meaning);
    }

    /** A key whose last response could not be shared is fetched for each on his own, and says so. */
    private Reason missed(Request asked, CacheKey key, Reason why) {
        return isRefused(asked, key) ? Reason.HIT_FOR_MISS : why;
    }

    private boolean isRefused(Request asked, CacheKey key) {
        boolean his = Storability.mayDependOnAsker(rules(), asked.headers());
        boolean noted =
                asking.present().isUnshareable(key) || (his && asking.present().isUnshareable(key.personal()));
        return plan.collapse() != CachePlan.Collapse.OFF && asked.is("GET") && noted;
    }

    /** What is missing alone, where the rest of the whole is stored. */
    private Request completing(Request whole, CacheKey key, boolean part, Reason why) {
        return part || why != Reason.PARTIAL_MISS
                ? whole
                : parts(whole, key)
                        .flatMap(parts -> Completion.of(rules().ranges(), parts, now))
                        .map(completion -> completion.request(whole))
                        .orElse(whole);
    }

    private Verdict fetched(Request asked, CacheKey key, @Nullable Stored stale, Reason why, List<Step> steps) {
        CacheKey own = CacheKey.owned(rules(), asked, key);
        if (own == null || !isRefused(asked, key)) {
            return asked(asked, key, stale, why, steps);
        }
        Storehouse one = forOne(); // what is refused to all is asked for this client alone
        return one.asked(asked, own, null, one.missed(asked, own, one.lack(asked, own)), steps);
    }

    /** Why nothing under {@code key} will do. */
    private Reason lack(Request asked, CacheKey key) {
        return asking.present().tiers(key).stream()
                .map(tier -> Reuse.of(rules(), asked, tier.variants(), now))
                .flatMap(reuse -> reuse instanceof Reuse.Unusable(Reason why) ? Stream.of(why) : Stream.empty())
                .findFirst()
                .orElse(Reason.URI_MISS);
    }

    private Verdict asked(Request asked, CacheKey key, @Nullable Stored stale, Reason why, List<Step> steps) {
        String meaning = Meaning.of(why);
        steps.add(reuse((stale == null ? "nothing: " : "it is validated first: ") + meaning, why));
        boolean part = stale == null && Portion.isFetchedAsAsked(rules().ranges(), asked, why);
        Request whole = part ? asked : Portion.forAll(asked);
        steps.add(
                asking.origin(stale == null ? completing(whole, key, part, why) : Revalidation.request(whole, stale)));
        steps.add(asking.server());
        if (response == null) {
            String end = stale != null && stale.hasValidator() ? "; a 304 makes the stored one good again" : "";
            return new Verdict(stale == null ? "miss" : "validate", null, "goes to the origin: " + meaning + end);
        }
        // this one counts as well
        boolean often = asking.present().uses(key) + 1 >= rules().storing().minUses();
        return new Arrived(asking.decided(), rules(), whole, response, often, now).explain(stale, why, steps);
    }
}
