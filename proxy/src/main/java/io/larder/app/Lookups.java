package io.larder.app;

import io.larder.upstream.UpstreamSettings.ServerSettings;
import io.larder.upstream.discovery.Found;
import java.util.List;

/** Listed servers whose names are looked up from time to time. Confined to the thread that it is told on. */
final class Lookups implements Discovering.Translation {
    private final ListedServers listed;
    private List<ServerSettings> now;

    /** @param now as they are at the beginning */
    Lookups(ListedServers listed, List<ServerSettings> now) {
        this.listed = listed;
        this.now = now;
    }

    @Override
    public List<ServerSettings> servers(List<Found> found) {
        now = listed.with(found, now);
        return now;
    }
}
