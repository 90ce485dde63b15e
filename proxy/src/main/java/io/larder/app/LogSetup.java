package io.larder.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import org.slf4j.Logger;

/**
 * How the gateway's own log is set up: lines to standard error, from the level that the system property {@code
 * larder.log.level} names, or INFO. Logback finds it by its name in {@code META-INF/services}. Written in Java, since
 * reading the same from XML takes a sixth of a start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    /** Leaves the setting up to Logback where the system property {@code logback.configurationFile} names a file. */
    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        // Logback's own status messages are for people who write such files.
        logs.getStatusManager().add(new NopStatusListener());
        logs.getLogger("io.netty").setLevel(Level.WARN);
        logs.getLogger("io.lettuce").setLevel(Level.ERROR); // it warns at each attempt of what is told once by us
        logs.getLogger("io.netty.resolver.dns").setLevel(Level.ERROR); // it warns of each datagram that is no answer
        ch.qos.logback.classic.Logger root = logs.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty("larder.log.level"), Level.INFO));
        root.addAppender(standardError(logs));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext logs) {
        LogLine line = new LogLine();
        line.setContext(logs);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(logs);
        encoder.setLayout(line);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(logs);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
