package io.larder.server.connection;

import io.larder.exchange.Loop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The {@code Date} field line (RFC 9110 §6.6.1), written anew once a second. Confined to its loop. */
public final class DateLine {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "'Date: 'EEE, dd MMM yyyy HH:mm:ss' GMT\r\n'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Loop loop;
    private byte[] line = new byte[0];
    private long validUntil;

    DateLine(Loop loop) {
        this.loop = loop;
        refresh(loop.nanos());
    }

    /** The line with its CRLF, not to be changed; {@code now} is on {@link Loop#nanos}. */
    public byte[] at(long now) {
        if (now - validUntil >= 0) {
            refresh(now);
        }
        return line;
    }

    private void refresh(long now) {
        Instant wall = loop.now();
        line = IMF_FIXDATE.format(wall).getBytes(StandardCharsets.US_ASCII);
        Instant nextSecond = wall.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        validUntil = now + Duration.between(wall, nextSecond).toNanos();
    }
}
