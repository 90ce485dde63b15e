package io.larder.server.tls;

import io.larder.exchange.Shared;
import io.netty.handler.ssl.OpenSslServerContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * By what the sessions are sealed that the clients of one certificate keep (RFC 5077, RFC 8446 §4.6.1). Each has keys of its
 * own, so that nobody resumes elsewhere what began here, and gets new ones from time to time: whoever steals them reads
 * hours, not months. The JDK's engine does all of that itself.
 */
@Shared
final class TicketKeys {
    private static final long LIFE = Duration.ofHours(12).toNanos();

    private final RandomGenerator random;
    private final OpenSslServerContext context;
    private OpenSslSessionTicketKey current; // under the lock of this
    private volatile long renewed;

    private TicketKeys(RandomGenerator random, OpenSslServerContext context, long now) {
        this.random = random;
        this.context = context;
        this.current = fresh();
        this.renewed = now;
        context.sessionContext().setTicketKeys(current);
    }

    /** Those of {@code context}; null where its engine has its own. */
    static @Nullable TicketKeys of(SslContext context, RandomGenerator random, long now) {
        return context instanceof OpenSslServerContext openSsl ? new TicketKeys(random, openSsl, now) : null;
    }

    /** Sees to it that they are not too old. What was sealed by the ones before can still be opened. */
    void renew(long now) {
        if (now - renewed >= LIFE) {
            replace(now);
        }
    }

    private synchronized void replace(long now) {
        if (now - renewed >= LIFE) {
            OpenSslSessionTicketKey previous = current;
            current = fresh();
            context.sessionContext().setTicketKeys(current, previous);
            renewed = now;
        }
    }

    private OpenSslSessionTicketKey fresh() {
        byte[] bytes = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        random.nextBytes(bytes);
        int hmac = OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(bytes, hmac),
                Arrays.copyOfRange(bytes, hmac, aes),
                Arrays.copyOfRange(bytes, aes, bytes.length));
    }
}
