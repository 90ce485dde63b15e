package io.larder.gateway;

import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.whatif.Setup;
import org.jspecify.annotations.Nullable;

/** Nothing is written anywhere. */
record NoSigns() implements Setup.Signposts {
    @Override
    public @Nullable String site(Site site) {
        return null;
    }

    @Override
    public @Nullable String upstream(String name) {
        return null;
    }

    @Override
    public @Nullable String cacheKey(Site site, Route route, String key) {
        return null;
    }

    @Override
    public @Nullable String key(String path) {
        return null;
    }
}
