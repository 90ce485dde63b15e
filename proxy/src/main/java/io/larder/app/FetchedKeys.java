package io.larder.app;

import io.larder.admission.KeySet;
import io.larder.exchange.Shared;
import io.larder.gateway.TokenKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that an issuer publishes under a URL, fetched again and again on a thread of their own; while that fails, those
 * that were fetched last.
 */
@Shared
final class FetchedKeys implements TokenKeys {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);
    private static final int LARGEST = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration USUALLY = Duration.ofMinutes(5);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);

    /** Anybody can send tokens with unknown keys: the issuer is not asked more often for that. */
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final URI url;
    private final HttpClient client;
    private final ScheduledExecutorService thread;
    private volatile @Nullable Known known;
    private volatile long askedAt;
    private boolean troubled; // on the thread
    private @Nullable ScheduledFuture<?> next; // under the lock of this, as what follows
    private boolean ended;

    FetchedKeys(URI url, HttpClient client, ScheduledExecutorService thread) {
        this.url = url;
        this.client = client;
        this.thread = thread;
        this.askedAt = System.nanoTime();
        schedule(Duration.ZERO);
    }

    @Override
    public @Nullable Known now() {
        return known;
    }

    @Override
    public void missed() {
        if (System.nanoTime() - askedAt > BETWEEN.toNanos()) {
            askedAt = System.nanoTime();
            schedule(Duration.ZERO);
        }
    }

    /** Asks no more. */
    synchronized void end() {
        ended = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private synchronized void schedule(Duration pause) {
        if (ended) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = thread.schedule(this::fetch, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            ended = true;
        }
    }

    private void fetch() {
        askedAt = System.nanoTime();
        try {
            learn(KeySet.of(inTime()));
            troubled = false;
            schedule(USUALLY);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | RuntimeException failure) {
            if (!troubled) {
                LOG.warn("the keys of tokens at {} cannot be had, the last ones stay: {}", url, failure.toString());
            }
            troubled = true;
            schedule(AFTER_TROUBLE);
        }
    }

    private void learn(KeySet keys) {
        Known before = known;
        if (before == null || !before.keys().equals(keys)) {
            known = new Known(keys, before == null ? 1 : before.version() + 1);
            LOG.info("{} keys of tokens at {}", keys.keys().size(), url);
        }
    }

    /** The HTTP client's own patience ends with the head: a body that never ends would hold up the keys of all issuers. */
    private byte[] inTime() throws IOException, ExecutionException, InterruptedException {
        FutureTask<byte[]> task = new FutureTask<>(this::content);
        Thread.ofVirtual().name("larder-token-key-fetch").start(task);
        try {
            return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("it did not come within " + PATIENCE.toSeconds() + " s", late);
        } finally {
            task.cancel(true);
        }
    }

    private byte[] content() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("it is answered " + response.statusCode());
            }
            byte[] content = body.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IOException("it is longer than " + LARGEST + " octets");
            }
            return content;
        }
    }
}
