package io.larder.telemetry;

import io.larder.exchange.Shared;
import io.larder.telemetry.GuardFindings.Comparison;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the guard has seen on one route: counts of everything, and the URLs it saw something under lately. */
@Shared
final class GuardedUrls {
    private static final int MOST = 64;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(1); // of the log, whatever the URLs

    /** What was seen under one URL. */
    private static final class Url {
        private final Map<String, Long> refused = new TreeMap<>();
        private long sameVisitor; // differences
        private long otherVisitor;
        private String where = "";
        private @Nullable Instant logged;

        /** A page that changes under one visitor's eyes is not his for changing under another's. */
        private String difference() {
            boolean personal = otherVisitor > 0 && sameVisitor == 0;
            return "differs " + (personal ? "per visitor" : "over time") + where;
        }
    }

    private final Map<String, Long> found = new TreeMap<>();
    private final LinkedHashMap<String, Url> urls = new LinkedHashMap<>(16, 0.75f, true);
    private long same;
    private long overTime;
    private long perVisitor;
    private long uncompared;
    private @Nullable Instant lastLine;

    /** Notes a refusal; answers whether it is worth a line in the log. */
    synchronized boolean refused(String url, String reason, String what, Instant now, Duration again) {
        found.merge(reason, 1L, Long::sum);
        Url seen = url(url);
        seen.refused.merge(what, 1L, Long::sum);
        return isNews(seen, now, again);
    }

    /** Notes a comparison; answers whether it is worth a line in the log. */
    synchronized boolean compared(
            String url, Comparison comparison, boolean otherVisitor, Instant now, Duration again) {
        switch (comparison) {
            case Comparison.Same equal -> same++;
            case Comparison.None nothing -> uncompared++;
            case Comparison.OtherStatus(int stored, int fetched) ->
                differs(url, otherVisitor, ": status " + stored + ", then " + fetched);
            case Comparison.OtherBody(long at) -> differs(url, otherVisitor, " at byte " + at);
        }
        boolean differs = comparison instanceof Comparison.OtherStatus || comparison instanceof Comparison.OtherBody;
        return differs && isNews(url(url), now, again);
    }

    private void differs(String url, boolean otherVisitor, String where) {
        Url seen = url(url);
        seen.where = where;
        if (otherVisitor) {
            perVisitor++;
            seen.otherVisitor++;
        } else {
            overTime++;
            seen.sameVisitor++;
        }
    }

    private Url url(String url) {
        Url seen = urls.computeIfAbsent(url, key -> new Url());
        if (urls.size() > MOST) {
            urls.remove(urls.keySet().iterator().next()); // the one that was quiet longest
        }
        return seen;
    }

    private boolean isNews(Url seen, Instant now, Duration again) {
        if (isSince(seen.logged, now, again) && isSince(lastLine, now, BETWEEN_LINES)) {
            seen.logged = now;
            lastLine = now;
            return true;
        }
        return false;
    }

    private static boolean isSince(@Nullable Instant then, Instant now, Duration pause) {
        return then == null || !now.isBefore(then.plus(pause));
    }

    synchronized GuardedRoute report(String site, String route) {
        List<GuardedRoute.Finding> findings = new ArrayList<>();
        urls.forEach((url, seen) -> {
            seen.refused.forEach((what, count) -> findings.add(0, new GuardedRoute.Finding(url, what, count)));
            long differences = seen.sameVisitor + seen.otherVisitor;
            if (differences > 0) {
                findings.add(0, new GuardedRoute.Finding(url, seen.difference(), differences));
            }
        });
        return new GuardedRoute(
                site, route, found, new GuardedRoute.Shadow(same, overTime, perVisitor, uncompared), findings);
    }
}
