package io.larder.app;

import io.larder.exchange.Shared;
import io.larder.route.StickyTokens;
import io.larder.upstream.Upstream;
import java.util.List;
import java.util.function.Supplier;

/** The words for the servers that an upstream has at the moment: made anew when others come. */
@Shared
final class StickyWords implements Supplier<StickyTokens> {
    /** Words, and whom they are for. */
    private record Made(List<String> addresses, StickyTokens tokens) {}

    private final byte[] key;
    private final Upstream upstream;
    private volatile Made made;

    StickyWords(byte[] key, Upstream upstream) {
        this.key = key;
        this.upstream = upstream;
        this.made = make(upstream.addresses());
    }

    @Override
    public StickyTokens get() {
        List<String> addresses = upstream.addresses();
        Made now = made;
        if (!now.addresses.equals(addresses)) {
            now = make(addresses);
            made = now; // several loops may make the same at once
        }
        return now.tokens;
    }

    private Made make(List<String> addresses) {
        return new Made(addresses, new StickyTokens(key, upstream.settings().name(), addresses));
    }
}
