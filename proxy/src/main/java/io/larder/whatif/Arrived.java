package io.larder.whatif;

import io.larder.http.Bytes;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Guard;
import io.larder.policy.HeadUpdate;
import io.larder.policy.PartialContent;
import io.larder.policy.Portion;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Revalidation;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.whatif.Explanation.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a response that the cache asked for.
 *
 * @param often whether it has been asked for often enough to be stored
 */
record Arrived(Decided decided, CacheRules rules, Request asked, Response response, boolean often, Instant now) {

    /**
     * @param stale what the origin was asked to validate; null for nothing
     * @param why it was asked
     */
    Verdict explain(@Nullable Stored stale, Reason why, List<Step> steps) {
        if (stale != null && response.status() == 304 && stale.hasValidator()) {
            return validated(stale, steps);
        }
        if (stale != null && Reuse.isTrouble(response.status())) {
            Optional<Reason> excuse = Reuse.onTrouble(rules, stale, Reuse.Trouble.ERROR, now);
            if (excuse.isPresent()) {
                return excused(stale, excuse.get(), steps);
            }
        }
        return stale != null && asked.is("HEAD")
                ? described(stale, why, steps)
                : judged(why, often || stale != null, steps);
    }

    /** The answer to a HEAD, which tells whether what is stored for GET still holds. */
    private Verdict described(Stored stale, Reason why, List<Step> steps) {
        String asks = "goes to the origin: " + Meaning.of(why) + "; ";
        return switch (HeadUpdate.of(rules, asked, stale, response, now, now)) {
            case HeadUpdate.Freshened(Stored renewed) -> {
                String time = "good for another " + Amounts.time(renewed.left(now));
                steps.add(kept("what is stored for GET is " + time, renewed).because(Reason.STORED));
                yield new Verdict("miss", why.code(), asks + "what is stored for GET is " + time);
            }
            case HeadUpdate.Outdated(Stored outdated) -> unsaid("what is stored for GET holds no longer", asks, steps);
            case HeadUpdate.Silent silent -> unsaid("it says nothing of what is stored for GET", asks, steps);
        };
    }

    private Verdict unsaid(String what, String asks, List<Step> steps) {
        steps.add(notStored("not stored: " + what, Reason.HEAD, ""));
        return new Verdict("miss", Reason.HEAD.code(), asks + what);
    }

    private Verdict validated(Stored stale, List<Step> steps) {
        Request sent = Revalidation.request(asked, stale);
        return switch (Revalidation.of(rules, sent, stale, response, now, now)) {
            case Revalidation.Freshened(Stored renewed, Stored own) -> {
                String time = Amounts.time(renewed.left(now));
                steps.add(kept("304: what is stored is good for another " + time, renewed)
                        .because(Reason.REVALIDATED));
                yield revalidated("a 304 makes the stored one fresh for " + time);
            }
            case Revalidation.ForThisOnly(Stored once, Reason refused) -> {
                steps.add(notStored("304: served this once, what is stored stays stale", refused, ""));
                yield revalidated("a 304 lets the stored one be served this once");
            }
            case Revalidation.Mismatch mismatch -> {
                steps.add(Step.of(Topic.RESPONSE, "304 about another representation: asked again without conditions"));
                yield new Verdict("validate", null, "goes to the origin twice: the 304 is not about what is stored");
            }
        };
    }

    private static Verdict revalidated(String end) {
        return new Verdict("revalidated", Reason.REVALIDATED.code(), "goes to the origin: " + end);
    }

    private Verdict excused(Stored stale, Reason excuse, List<Step> steps) {
        steps.add(Step.of(Topic.RESPONSE, response.status() + ": the stale one is served in its place")
                .because(excuse)
                .at(decided.place(excuse)));
        String age = Amounts.time(-stale.left(now));
        return new Verdict(
                "stale",
                excuse.code(),
                "goes to the origin: it fails, and what has been stale for " + age + " is served");
    }

    private Verdict judged(Reason why, boolean worth, List<Step> steps) {
        if (response.status() == 206 && Portion.asksForPart(asked)) {
            return partial(why, worth, steps);
        }
        String asks = "goes to the origin: " + Meaning.of(why) + "; ";
        Storability storability = Storability.of(rules, asked, response, now, now);
        boolean kept = storability instanceof Storability.Keep;
        Guard guard = kept ? Guard.of(rules, asked, response.headers()) : Guard.Trust.YES;
        return switch (guard instanceof Guard.Refuse(Storability.Refuse opaque) ? opaque : storability) {
            case Storability.Keep keep
            when worth -> {
                if (guard instanceof Guard.Inspect) {
                    steps.add(Step.of(Topic.RESPONSE, "the body is looked through before anybody shares it")
                            .at(decided.place("guard")));
                }
                yield stored(keep.with(Bytes.EMPTY), why, asks, steps);
            }
            case Storability.Keep rare -> refused(Reason.MIN_USES, "", asks, steps);
            case Storability.Refuse(Reason refused, String detail) -> {
                Optional<Stored> own = guard instanceof Guard.Refuse ? Optional.empty() : ofOne();
                yield own.isPresent()
                        ? storedForOne(own.get(), why, refused, detail, asks, steps)
                        : refused(refused, detail, asks, steps);
            }
        };
    }

    private Verdict stored(Stored stored, Reason why, String asks, List<Step> steps) {
        long left = stored.left(now);
        String time = left > 0 ? "for " + Amounts.time(left) : "stale, to be validated before each use";
        steps.add(kept("stored " + time, stored).because(Reason.STORED));
        return new Verdict("miss", why.code(), asks + "the response is stored " + time);
    }

    /** What is kept of the response for the client alone who asked for it; empty for nothing. */
    private Optional<Stored> ofOne() {
        boolean known = CacheKey.owned(rules, asked, CacheKey.of(rules.key(), asked)) != null;
        return known && Storability.of(rules.forOne(), asked, response, now, now) instanceof Storability.Keep keep
                ? Optional.of(keep.with(Bytes.EMPTY))
                : Optional.empty();
    }

    private Verdict storedForOne(Stored own, Reason why, Reason refused, String detail, String asks, List<Step> steps) {
        steps.add(notStored("not stored: " + Meaning.of(refused) + "; but", refused, detail));
        String time = "kept for this client alone for " + Amounts.time(own.left(now));
        steps.add(kept(time, own).because(Reason.STORED).at(decided.place("private")));
        return new Verdict("miss", why.code(), asks + "the response is " + time);
    }

    private Verdict refused(Reason refused, String detail, String asks, List<Step> steps) {
        String meaning = "not stored: " + Meaning.of(refused);
        steps.add(notStored(meaning, refused, detail));
        return new Verdict("miss", refused.code(), asks + "the response is " + meaning);
    }

    private Verdict partial(Reason why, boolean worth, List<Step> steps) {
        String asks = "goes to the origin: " + Meaning.of(why) + "; ";
        return switch (PartialContent.of(rules, asked, response, now, now)) {
            case PartialContent.Keep keep
            when worth -> {
                steps.add(kept("stored, as " + keep.range(), new Stored(keep.head(), Bytes.EMPTY))
                        .because(Reason.STORED));
                yield new Verdict("miss", why.code(), asks + "the part is stored");
            }
            case PartialContent.Keep rare -> partRefused(Reason.MIN_USES, asks, steps);
            case PartialContent.Refuse(Reason refused) -> partRefused(refused, asks, steps);
        };
    }

    private Verdict partRefused(Reason refused, String asks, List<Step> steps) {
        String meaning = "not stored: " + Meaning.of(refused);
        steps.add(notStored(meaning, refused, ""));
        return new Verdict("miss", refused.code(), asks + "the part is " + meaning);
    }

    private Step kept(String answer, Stored stored) {
        return Shelves.noted(Step.of(Topic.RESPONSE, answer), decided, stored.head());
    }

    private Step notStored(String answer, Reason refused, String detail) {
        Step step = Step.of(Topic.RESPONSE, answer).because(refused).at(decided.place(refused));
        return detail.isEmpty() ? step : step.note("because of", detail);
    }
}
