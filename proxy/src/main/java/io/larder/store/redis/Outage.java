package io.larder.store.redis;

import io.larder.exchange.Shared;
import java.util.HashSet;
import java.util.Set;

/** Tells of outages so that a long one does not fill the log: each reason once, until there is a connection again. */
@Shared
final class Outage {
    /** Reasons that carry numbers could be without end. */
    private static final int MOST_REASONS = 8;

    private final RedisLink.Reports reports;
    private final Set<String> told = new HashSet<>(); // guarded by this

    Outage(RedisLink.Reports reports) {
        this.reports = reports;
    }

    void over() {
        synchronized (this) {
            told.clear();
        }
        reports.up();
    }

    void because(RedisFailure why) {
        boolean news;
        synchronized (this) {
            news = told.size() < MOST_REASONS && told.add(why.detail());
        }
        if (news) {
            reports.down(why);
        }
    }
}
