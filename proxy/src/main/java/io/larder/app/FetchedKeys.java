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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that an issuer publishes under a URL, fetched again and again, each time on a thread of its own: an issuer that is slow
 * holds up no other's keys. While that fails, those that were fetched last.
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
    private final ScheduledExecutorService timer;
    private volatile @Nullable Known known;
    private volatile long askedAt;
    private boolean troubled; // of the one fetch that is under way
    private @Nullable ScheduledFuture<?> next; // under the lock of this, as what follows
    private @Nullable Thread underWay; // a fetch
    private boolean ended;

    /** @param timer runs what takes no time */
    FetchedKeys(URI url, HttpClient client, ScheduledExecutorService timer) {
        this.url = url;
        this.client = client;
        this.timer = timer;
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
        if (underWay != null) {
            underWay.interrupt();
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
            next = timer.schedule(this::begin, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            ended = true;
        }
    }

    /** One fetch at a time; the HTTP client's own patience ends with the head, so that the whole of it is timed here. */
    private synchronized void begin() {
        if (ended || underWay != null) {
            return; // the one that is under way says when the next is due
        }
        askedAt = System.nanoTime();
        Thread fetch = Thread.ofVirtual().name("larder-token-key-fetch").start(this::fetch);
        underWay = fetch;
        try {
            timer.schedule(fetch::interrupt, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            fetch.interrupt();
        }
    }

    private void fetch() {
        Duration pause = AFTER_TROUBLE;
        try {
            learn(KeySet.of(content()));
            troubled = false;
            pause = USUALLY;
        } catch (InterruptedException late) {
            trouble(late);
        } catch (IOException | RuntimeException failure) {
            trouble(failure.getCause() instanceof InterruptedException late ? late : failure);
        } finally {
            fetched(pause);
        }
    }

    private synchronized void fetched(Duration pause) {
        underWay = null;
        schedule(pause);
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private void trouble(Exception failure) {
        if (isEnded()) {
            return; // that is what interrupted it
        }
        if (!troubled) {
            String why = failure instanceof InterruptedException
                    ? "they did not come within " + PATIENCE.toSeconds() + " s"
                    : failure.toString();
            LOG.warn("the keys of tokens at {} cannot be had, the last ones stay: {}", url, why);
        }
        troubled = true;
    }

    private void learn(KeySet keys) {
        Known before = known;
        if (before == null || !before.keys().equals(keys)) {
            known = new Known(keys, before == null ? 1 : before.version() + 1);
            LOG.info("{} keys of tokens at {}", keys.keys().size(), url);
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
