package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.larder.exchange.Failure;
import io.larder.exchange.RequestId;
import io.larder.testing.LoggedLines;
import org.junit.jupiter.api.Test;

class BugLogTest {
    @Test
    void aBugIsLoggedWithItsStackTraceAndExpectedTroubleIsNot() throws InterruptedException {
        try (LoggedLines lines = new LoggedLines(BugLog.class);
                LogWriter writer = new LogWriter()) {
            BugLog log = new BugLog(writer);
            log.note(new RequestId(1), new Failure(Failure.Kind.CONNECTION_REFUSED, "expected"));
            log.note(new RequestId(2), Failure.of(new IllegalStateException("the bug")));
            ILoggingEvent event = lines.next();
            assertThat(event.getFormattedMessage()).contains("0000000000000002");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("the bug");
            assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                    .isNotEmpty();
        }
    }
}
