package io.larder.app;

import io.larder.admin.Guard;
import io.larder.config.LarderConfig;
import io.larder.gateway.Gateway;
import io.larder.route.TrustedProxies;

/**
 * One configuration brought to life: all that a reload puts in the place of what was there before. Immutable.
 *
 * @param guard who may call the admin API
 */
record Generation(LarderConfig config, Backends backends, Gateway gateway, Explainer explainer, Guard guard) {
    /** Whose word on their clients is believed. */
    TrustedProxies trusted() {
        return gateway.trusted();
    }
}
