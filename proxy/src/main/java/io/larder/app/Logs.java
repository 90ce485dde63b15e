package io.larder.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.larder.config.LogConfig;
import org.slf4j.LoggerFactory;

/** The gateway's own log. */
final class Logs {
    private Logs() {}

    /** Leaves out what counts less than {@code least}; for the whole process. */
    static void least(LogConfig.Level least) {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(
                    switch (least) {
                        case ERROR -> Level.ERROR;
                        case WARN -> Level.WARN;
                        case INFO -> Level.INFO;
                        case DEBUG -> Level.DEBUG;
                        case TRACE -> Level.TRACE;
                    });
        }
    }
}
