package io.larder.app;

import io.larder.config.LarderConfig;
import io.larder.config.source.Place;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.whatif.Setup;
import org.jspecify.annotations.Nullable;

/** Where what decides is written in a configuration. */
record Signs(LarderConfig config) implements Setup.Signposts {
    @Override
    public @Nullable String site(Site site) {
        return config.site(site.name()).origin().place().toString();
    }

    @Override
    public @Nullable String upstream(String name) {
        return config.upstream(name).origin().place().toString();
    }

    @Override
    public @Nullable String cacheKey(Site site, Route route, String key) {
        return key("sites." + site.name() + ".routes[" + site.routes().indexOf(route) + "].cache"
                + (key.isEmpty() ? "" : "." + key));
    }

    @Override
    public @Nullable String key(String path) {
        Place place = config.places().of(path);
        return place == null ? null : place.toString();
    }
}
