package io.larder.whatif;

import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.policy.Alike;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is stored under a key. */
final class Shelves {
    private static final int SHOWN = 8;

    private Shelves() {}

    static Step step(Decided decided, List<Present.Tier> tiers, Request asked, Instant now) {
        if (tiers.isEmpty()) {
            return Step.of(Topic.STORED, "as if nothing were: no running gateway was asked");
        }
        List<String> counts = new ArrayList<>();
        for (Present.Tier tier : tiers) {
            int count = tier.variants().all().size();
            counts.add(tier.name() + ": " + (count == 0 ? "nothing" : count == 1 ? "1 response" : count + " variants"));
        }
        Step step = Step.of(Topic.STORED, String.join(", ", counts));
        for (Present.Tier tier : tiers) {
            step = variants(step, decided, tier, asked, now);
        }
        return step;
    }

    /** Of what came by another query: under which URL it is stored, and what it says. */
    static Step step(Decided decided, Alike alike, Instant now) {
        Stored stored = alike.use().stored();
        String said = stored.headers().combined(Fields.NO_VARY_SEARCH);
        Step step = Step.of(Topic.ALIKE, "yes: " + Keying.url(alike.key()))
                .note("No-Vary-Search", said == null ? "" : said)
                .note("selected", line(stored, now));
        return noted(step, decided, stored.head());
    }

    private static Step variants(Step step, Decided decided, Present.Tier tier, Request asked, Instant now) {
        Stored selected = tier.variants().select(asked.headers());
        Step all = step;
        int shown = 0;
        for (Stored stored : tier.variants().all()) {
            boolean only = selected != null && stored.vary().equals(selected.vary());
            if (!only && ++shown > SHOWN) {
                continue;
            }
            all = all.note(only ? "selected" : "other variant", line(stored, now));
            all = only ? noted(all, decided, stored.head()) : all.note("  varies by", names(stored.head()));
        }
        return shown > SHOWN ? all.note("more", (shown - SHOWN) + " other variants") : all;
    }

    private static String line(Stored stored, Instant now) {
        long left = stored.left(now);
        String time = left > 0 ? "fresh for " + Amounts.time(left) + " more" : "stale for " + Amounts.time(-left);
        return stored.status() + ", " + Amounts.bytes(stored.body().length()) + ", age "
                + Amounts.time(stored.ageSeconds(now) * 1000) + ", " + time;
    }

    /** What else is to be known of a stored response. */
    static Step noted(Step step, Decided decided, Stored.Head head) {
        String lifetime = Amounts.time(head.freshness().lifetime()) + ", " + decided.origin(head.freshness());
        return step.note("lifetime", lifetime)
                .note("varies by", names(head))
                .note("tags", head.use().tags().names());
    }

    private static List<String> names(Stored.Head head) {
        return head.vary().names().stream().map(Object::toString).toList();
    }
}
