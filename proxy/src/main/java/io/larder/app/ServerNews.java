package io.larder.app;

import io.larder.admin.Events;
import io.larder.exchange.Shared;
import io.larder.upstream.News;
import io.larder.upstream.Standing;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log, and to whoever listens to events, how servers do. */
@Shared
final class ServerNews implements News {
    private static final Logger LOG = LoggerFactory.getLogger(ServerNews.class);

    private final Events events;
    private final Executor aside;

    /** @param aside writes, so that loops do not */
    ServerNews(Events events, Executor aside) {
        this.events = events;
        this.aside = aside;
    }

    @Override
    public void changed(String upstream, String server, Standing standing, String why) {
        try {
            aside.execute(() -> tell(upstream, server, standing.name().toLowerCase(Locale.ROOT), why));
        } catch (RejectedExecutionException ending) {
            // the gateway stops, and nobody asks any more
        }
    }

    private void tell(String upstream, String server, String state, String why) {
        if (state.equals("up")) {
            LOG.info("upstream {}: {} is up: {}", upstream, server, why);
        } else {
            LOG.warn("upstream {}: {} is {}: {}", upstream, server, state, why);
        }
        events.publish("upstream", Map.of("upstream", upstream, "server", server, "state", state, "why", why));
    }
}
