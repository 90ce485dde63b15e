package io.larder.app;

import io.larder.exchange.Shared;
import io.larder.gateway.TokenKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The keys that issuers publish, each fetched once for all who go by them. They outlive configurations. */
@Shared
final class Keyrings implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Map<URI, FetchedKeys> fetched = new HashMap<>(); // under the lock of this, as what follows
    private @Nullable ScheduledExecutorService thread; // null until something is fetched, as what follows
    private @Nullable HttpClient client;

    /** Those at {@code url}; they begin to be fetched with the first call. */
    synchronized TokenKeys at(URI url) {
        if (thread == null || client == null) {
            thread = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread keys = new Thread(task, "larder-token-keys");
                keys.setDaemon(true);
                return keys;
            });
            client = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        HttpClient asks = client;
        ScheduledExecutorService on = thread;
        return fetched.computeIfAbsent(url, wanted -> new FetchedKeys(wanted, asks, on));
    }

    /** Asks no more for what nobody goes by. */
    synchronized void keepOnly(Set<URI> wanted) {
        fetched.entrySet().removeIf(each -> {
            boolean unwanted = !wanted.contains(each.getKey());
            if (unwanted) {
                each.getValue().end();
            }
            return unwanted;
        });
    }

    @Override
    public synchronized void close() {
        keepOnly(Set.of());
        if (thread != null) {
            thread.shutdownNow();
        }
        if (client != null) {
            client.shutdownNow();
        }
    }
}
