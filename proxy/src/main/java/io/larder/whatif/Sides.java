package io.larder.whatif;

import io.larder.route.Destination;
import java.util.Locale;

/** Where a request of several upstreams goes, in words. */
final class Sides {
    private Sides() {}

    static Step step(Asking asking, Destination to, Destination.Way way, Asker asker) {
        Step step = Step.of(Topic.UPSTREAM, way.upstream() + ": " + why(to, way, asker))
                .at(asking.setup().signposts().upstream(way.upstream()));
        if (to.shares().size() > 1) {
            step = step.note("shares", to.shares().stream().map(Sides::share).toList());
        }
        Destination.Writes writes = to.writes();
        return writes == null ? step : step.note("writes", writes.upstream());
    }

    private static String why(Destination to, Destination.Way way, Asker asker) {
        return switch (way.why()) {
            case WRITE -> "the request may change something";
            case WROTE -> "the client has changed something a moment ago";
            case SHARE ->
                to.shares().size() == 1
                        ? "the request changes nothing"
                        : "client " + asker.address() + " is always among its " + percent(partsOf(to, way));
        };
    }

    private static int partsOf(Destination to, Destination.Way way) {
        return to.shares().stream()
                .filter(share -> share.upstream().equals(way.upstream()))
                .mapToInt(Destination.Share::parts)
                .sum();
    }

    private static String share(Destination.Share share) {
        return share.upstream() + " " + percent(share.parts());
    }

    private static String percent(int parts) {
        return parts % 100 == 0 ? parts / 100 + " %" : String.format(Locale.ROOT, "%.2f %%", parts / 100.0);
    }
}
