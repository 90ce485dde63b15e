package io.larder.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class that leaks a Netty buffer. Every class is watched: JUnit finds this extension by itself. Needs leak
 * detection at paranoid.
 */
public final class Leaks implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Leaks.class);

    /** The hint on a buffer that is leaked to try this extension itself. */
    static final String ON_PURPOSE = "leaked on purpose";

    /** Keeps what Netty's detector reports. */
    private static final class Reports extends AppenderBase<ILoggingEvent> {
        private final Queue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith("LEAK")) {
                all.add(event.getFormattedMessage());
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("leak detection is not at paranoid");
        }
        context.getStore(NAMESPACE).put("reports", listen());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Reports reports = context.getStore(NAMESPACE).remove("reports", Reports.class);
        List<String> leaks = collect(reports);
        leaks.removeIf(leak -> leak.contains(ON_PURPOSE));
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers leaked, first:\n" + leaks.get(0));
        }
    }

    /** What leaks while {@code work} runs; for the test of this extension. */
    static List<String> during(Runnable work) {
        detectorLog().setAdditive(false); // a leak that is made on purpose is no news
        Reports reports = listen();
        work.run();
        List<String> leaks = collect(reports);
        detectorLog().setAdditive(true);
        return leaks;
    }

    private static Reports listen() {
        Reports reports = new Reports();
        reports.start();
        detectorLog().addAppender(reports);
        return reports;
    }

    /** Netty reports what the collector found when the next buffer is tracked. */
    private static List<String> collect(Reports reports) {
        collectGarbage();
        collectGarbage();
        for (int i = 0; i < 4; i++) {
            ByteBuf tracked = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            tracked.release();
        }
        detectorLog().detachAppender(reports);
        return new ArrayList<>(reports.all);
    }

    private static void collectGarbage() {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new Object(), found);
        try {
            do {
                System.gc();
            } while (found.remove(50) == null || sentinel.get() != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Logger detectorLog() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }
}
