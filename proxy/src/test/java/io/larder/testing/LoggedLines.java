package io.larder.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What a class writes to the log, instead of the log, until closed. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final BlockingQueue<ILoggingEvent> all = new LinkedBlockingQueue<>();
    private final Logger logger;

    public LoggedLines(Class<?> of) {
        this(of.getName());
    }

    /** What all classes write whose names begin so. */
    public LoggedLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        start();
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        all.add(event);
    }

    /** The next line, which must come. */
    public ILoggingEvent next() throws InterruptedException {
        ILoggingEvent event = all.poll(10, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no line came");
        }
        return event;
    }

    /** Whether there is no line now. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
    }
}
