package io.larder.app;

import io.larder.exchange.Shared;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread that reads, decodes and compresses pages. It refuses what it cannot do soon, and rests where there is nothing to do. */
@Shared
final class PageWorker {
    private static final int WAITING = 256;
    private static final int REST_SECONDS = 10;

    private PageWorker() {}

    static Executor start() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, REST_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "larder-pages");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
