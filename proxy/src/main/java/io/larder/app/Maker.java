package io.larder.app;

import io.larder.admin.Guard;
import io.larder.config.AdminConfig;
import io.larder.config.HostPort;
import io.larder.config.LarderConfig;
import io.larder.gateway.Gateway;
import io.larder.gateway.SharedCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Brings configurations to life, around what outlives them. A value.
 *
 * @param makes brings single upstreams to life
 * @param cache what all generations cache with
 * @param keepers by what clients are let in
 * @param admin where this process listens to operators, whatever a later configuration says
 */
record Maker(BackendMaker makes, Platform platform, SharedCache cache, Keepers keepers, HostPort admin) {
    /** The first generation. */
    Generation first(LarderConfig config, Backends backends, Guard guard) {
        return generation(config, backends, guard);
    }

    /**
     * A generation to follow {@code previous}. Blocks while names are looked up.
     *
     * @throws StartFailure when something that {@code config} names cannot be had; nothing is left over then
     */
    Generation next(LarderConfig config, Generation previous) {
        boolean opens = config.admin().tokenFile() == null && !admin.isLoopback();
        // without a token nobody but this machine may call; the port for that comes with the next start
        Guard guard = opens ? previous.guard() : guard(config.admin(), admin);
        Backends backends = Backends.of(config, previous.backends(), makes);
        try {
            return generation(config, backends, guard);
        } catch (RuntimeException failure) {
            backends.retireUnless(previous.backends());
            throw failure;
        }
    }

    private Generation generation(LarderConfig config, Backends backends, Guard guard) {
        Gateway gateway = new Gateway(
                new SiteTranslation(config).sites(),
                List.copyOf(config.listeners().keySet()),
                SiteTranslation.trusted(config),
                backends::origin,
                cache,
                keepers.of(config));
        Explainer explainer = new Explainer(config, cache.store(), backends, platform.clock());
        return new Generation(config, backends, gateway, explainer, guard);
    }

    /**
     * Who may call the admin API at {@code bind}.
     *
     * @throws StartFailure when the token file cannot be read
     */
    static Guard guard(AdminConfig config, HostPort bind) {
        Path file = config.tokenFile();
        try {
            return new Guard(bind.host(), Set.of(), file == null ? null : SecretFile.read(file));
        } catch (IOException e) {
            throw StartFailure.configuration(config.origin().place() + ": the token file cannot be read: " + e);
        }
    }
}
