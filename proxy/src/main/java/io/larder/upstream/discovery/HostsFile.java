package io.larder.upstream.discovery;

import io.larder.exchange.Shared;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The machine's hosts file as all look-ups see it: read anew now and then, on a thread that may block. */
@Shared
public final class HostsFile {
    /** What one reading has found. */
    interface Entries {
        @Nullable
        List<InetAddress> addresses(String name, ResolvedAddressTypes types);
    }

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private volatile Entries entries;

    private HostsFile(Entries entries) {
        this.entries = entries;
    }

    /** Reads it now, and whenever {@code ticker} says. Blocks. */
    public static HostsFile on(Ticker ticker) {
        return on(ticker, () -> new DefaultHostsFileEntriesResolver()::addresses);
    }

    static HostsFile on(Ticker ticker, Supplier<Entries> read) {
        HostsFile file = new HostsFile(read.get());
        ticker.every(PAUSE, () -> file.entries = read.get());
        return file;
    }

    /** The addresses of {@code name}, as of now; none where it does not say any. */
    List<InetAddress> addresses(String name, ResolvedAddressTypes types) {
        List<InetAddress> found = entries.addresses(name, types);
        return found == null ? List.of() : found;
    }
}
