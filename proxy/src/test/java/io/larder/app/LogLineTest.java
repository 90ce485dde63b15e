package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogLineTest {
    private static final Instant NOON = LocalDateTime.of(2026, 11, 29, 12, 0, 1, 23_000_000)
            .atZone(ZoneId.systemDefault())
            .toInstant();

    private static LoggingEvent event(String logger, Level level, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setLevel(level);
        event.setMessage("port {} is taken");
        event.setArgumentArray(new Object[] {80});
        event.setInstant(NOON);
        if (thrown != null) {
            event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(thrown));
        }
        return event;
    }

    @ParameterizedTest
    @CsvSource({
        "io.larder.app.Larder, INFO, 12:00:01.023 INFO  Larder port 80 is taken",
        "Larder, ERROR, 12:00:01.023 ERROR Larder port 80 is taken",
        "a.b, WARN, 12:00:01.023 WARN  b port 80 is taken"
    })
    void aLine(String logger, String level, String line) {
        assertThat(new LogLine().doLayout(event(logger, Level.valueOf(level), null)))
                .isEqualTo(line + System.lineSeparator());
    }

    @Test
    void aStackTraceFollows() {
        Throwable thrown = new IllegalStateException("odd", new IllegalArgumentException("why"));
        assertThat(new LogLine().doLayout(event("x", Level.ERROR, thrown)).lines())
                .startsWith("12:00:01.023 ERROR x port 80 is taken", "java.lang.IllegalStateException: odd")
                .anySatisfy(line -> assertThat(line).startsWith("Caused by: java.lang.IllegalArgumentException: why"))
                .anySatisfy(line -> assertThat(line).startsWith("\tat "));
    }

    @Test
    void logbackIsSetUpByUs() {
        LoggerContext logs = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(logs.getLogger("io.netty").getLevel()).isEqualTo(Level.WARN);
        assertThat(logs.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr"))
                .isInstanceOf(ConsoleAppender.class)
                .hasFieldOrPropertyWithValue("target", "System.err");
    }
}
