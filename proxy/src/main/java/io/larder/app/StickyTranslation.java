package io.larder.app;

import io.larder.config.Balancing;
import io.larder.config.Members;
import io.larder.config.UpstreamConfig;
import io.larder.route.Stickiness;
import io.larder.route.StickyTokens;
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
     * @param madeUp signs where no file is named
     * @throws StartFailure where the key cannot be read
     */
    static @Nullable Stickiness of(UpstreamConfig upstream, byte[] madeUp) {
        Balancing.Sticky sticky = upstream.balancing().sticky();
        if (sticky == null) {
            return null;
        }
        Path file = sticky.keyFile();
        byte[] key = file == null ? madeUp : secret(file, upstream);
        StickyTokens tokens = new StickyTokens(key, upstream.name(), addresses(upstream));
        return new Stickiness(sticky.cookie(), sticky.ttl(), () -> tokens);
    }

    private static List<String> addresses(UpstreamConfig upstream) {
        return switch (upstream.members()) {
            case Members.Listed(List<Members.Server> servers) ->
                servers.stream().map(server -> server.address().toString()).toList();
            case Members.Discovered discovered -> List.of();
        };
    }

    private static byte[] secret(Path file, UpstreamConfig upstream) {
        try {
            String octets = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return octets.strip().getBytes(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw StartFailure.configuration(upstream.origin().place() + ": the file " + file + " cannot be read: " + e);
        }
    }
}
