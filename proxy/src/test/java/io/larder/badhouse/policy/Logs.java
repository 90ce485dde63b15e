package io.larder.badhouse.policy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs where a named outcome would do. */
public final class Logs {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    void narrate() {
        LOG.info("deciding");
    }
}
