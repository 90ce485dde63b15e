package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Exchange;
import io.larder.exchange.Journal;
import io.larder.exchange.Lack;
import io.larder.exchange.ManualLoop;
import io.larder.testing.LoggedLines;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PageLogTest {
    private final ManualLoop loop = new ManualLoop();

    private Exchange page(Lack why, String source) {
        Exchange exchange = Exchanges.hit(loop, "page");
        exchange.journal().missed(source, why, "status 500");
        return exchange;
    }

    private static String text(LoggedLines lines) throws InterruptedException {
        return lines.next().getFormattedMessage();
    }

    @Test
    void theFirstOfAKindIsToldAtOnceAndMoreOfItOnceAMinute() throws InterruptedException {
        try (LoggedLines lines = new LoggedLines(PageLog.class);
                LogWriter writer = new LogWriter()) {
            PageLog log = new PageLog(writer);
            note(log, page(Lack.STATUS, "/part"));
            assertThat(text(lines))
                    .isEqualTo(
                            "a page on route page of site shop lacks /part: status 500 (status), request 0000000000000001");
            note(log, page(Lack.STATUS, "/other"));
            note(log, page(Lack.STATUS, "/part"));
            note(log, page(Lack.DEADLINE, "/slow"));
            assertThat(text(lines)).contains("lacks /slow").contains("(deadline)");
            loop.advance(Duration.ofMinutes(2));
            note(log, page(Lack.STATUS, "/part"));
            assertThat(text(lines)).contains("(status), and 2 more in between");
            assertThat(lines.isEmpty()).isTrue();
        }
    }

    @Test
    void whatFragmentsLackIsToldOfTheirRoute() throws InterruptedException {
        try (LoggedLines lines = new LoggedLines(PageLog.class);
                LogWriter writer = new LogWriter()) {
            Journal part = new Journal(loop.nanos());
            part.routed("shop", "part");
            part.missed("<a\u0007ä>", Lack.MARKUP, "this is no tag");
            Exchange exchange = Exchanges.hit(loop, "page");
            exchange.journal().includes("/part", part);
            note(new PageLog(writer), exchange);
            assertThat(text(lines)).contains("on route part of site shop lacks <a??>: this is no tag (markup)");
        }
    }

    private static void note(PageLog log, Exchange exchange) {
        log.note(exchange, exchange.journal());
    }
}
