package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.larder.exchange.Failure;
import io.larder.exchange.RequestId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BugLogTest {
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final BlockingQueue<ILoggingEvent> all = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(event);
        }
    }

    @Test
    void aBugIsLoggedWithItsStackTraceAndExpectedTroubleIsNot() throws InterruptedException {
        Lines lines = new Lines();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(BugLog.class);
        logger.setAdditive(false);
        logger.addAppender(lines);
        try (LogWriter writer = new LogWriter()) {
            BugLog log = new BugLog(writer);
            log.note(new RequestId(1), new Failure(Failure.Kind.CONNECTION_REFUSED, "expected"));
            log.note(new RequestId(2), Failure.of(new IllegalStateException("the bug")));
            ILoggingEvent event = lines.all.poll(10, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            assertThat(event.getFormattedMessage()).contains("0000000000000002");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("the bug");
            assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                    .isNotEmpty();
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
        }
    }
}
