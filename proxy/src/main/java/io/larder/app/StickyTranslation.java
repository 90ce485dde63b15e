package io.larder.app;

import io.larder.config.Balancing;
import io.larder.config.UpstreamConfig;
import io.larder.http.Bytes;
import io.larder.route.Stickiness;
import io.larder.route.StickyTokens;
import io.larder.upstream.Upstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in the gateway's words how clients stay with the servers of an upstream. */
final class StickyTranslation {
    private StickyTranslation() {}

    /**
     * How they stay; null where they do not. Reads the key's file.
     *
     * @param upstream knows which its servers are
     * @param madeUp signs where no file is named
     * @throws StartFailure where the key cannot be read
     */
    static @Nullable Stickiness of(UpstreamConfig config, Upstream upstream, Bytes madeUp) {
        Balancing.Sticky sticky = config.balancing().sticky();
        if (sticky == null) {
            return null;
        }
        Path file = sticky.keyFile();
        byte[] key = file == null ? madeUp.toArray() : secret(file, config);
        return new Stickiness(sticky.cookie(), sticky.ttl(), new StickyWords(key, upstream));
    }

    /** How they would stay, where nobody is running: a cookie of that name is one, and holds for no server. */
    static @Nullable Stickiness described(UpstreamConfig config) {
        Balancing.Sticky sticky = config.balancing().sticky();
        if (sticky == null) {
            return null;
        }
        StickyTokens tokens = new StickyTokens(new byte[StickyTokens.LEAST_KEY], config.name(), List.of());
        return new Stickiness(sticky.cookie(), sticky.ttl(), () -> tokens);
    }

    private static byte[] secret(Path file, UpstreamConfig upstream) {
        try {
            String octets = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return octets.strip().getBytes(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw StartFailure.configuration(
                    upstream.origin().place() + ": the file " + file + " cannot be read: " + e);
        }
    }
}
