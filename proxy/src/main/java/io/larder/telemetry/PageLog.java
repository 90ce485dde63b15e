package io.larder.telemetry;

import io.larder.exchange.Exchange;
import io.larder.exchange.Journal;
import io.larder.exchange.Lack;
import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what pages had to do without, and what of their markup means nothing: the first of a kind on a route at once, more of it
 * once a minute. Called on loops; nothing here waits.
 */
@Shared
final class PageLog {
    private static final Logger LOG = LoggerFactory.getLogger(PageLog.class);
    private static final long AGAIN = Duration.ofMinutes(1).toNanos();
    private static final int LONGEST = 300; // characters of a reference

    private record Kind(String site, String route, Lack why) {}

    /**
     * When it was logged last, and how often it came since.
     *
     * @param nanos on the loops' clock
     */
    private record Told(long nanos, long since) {}

    private final LogWriter writer;
    private final ConcurrentMap<Kind, Told> told = new ConcurrentHashMap<>();

    PageLog(LogWriter writer) {
        this.writer = writer;
    }

    /** Looks through what became of {@code page}, its fragments included. */
    void note(Exchange exchange, Journal page) {
        for (Journal.Missed missed : page.missed()) {
            note(exchange, page, missed);
        }
        for (Journal.Included part : page.included()) {
            note(exchange, part.journal());
        }
    }

    private void note(Exchange exchange, Journal page, Journal.Missed missed) {
        long now = exchange.loop().nanos();
        Kind kind = new Kind(page.site(), page.route(), missed.why());
        Told before = told.get(kind);
        if (before != null && now - before.nanos < AGAIN) {
            told.computeIfPresent(kind, (same, last) -> new Told(last.nanos, last.since + 1));
            return;
        }
        told.put(kind, new Told(now, 0));
        long unsaid = before == null ? 0 : before.since;
        writer.write(() -> LOG.warn(
                "a page on route {} of site {} lacks {}: {} ({}){}, request {}",
                page.route(),
                page.site(),
                printable(missed.source()),
                missed.detail(),
                missed.why().code(),
                unsaid == 0 ? "" : ", and " + unsaid + " more in between",
                exchange.id()));
    }

    private static String printable(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[^ -~]", "?");
    }
}
