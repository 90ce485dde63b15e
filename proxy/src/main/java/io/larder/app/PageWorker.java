package io.larder.app;

import io.larder.exchange.Shared;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread that does what is too long for a loop, such as to read, decode and compress pages. It refuses what it cannot do soon, and rests where there is nothing to do. */
@Shared
final class PageWorker {
    private static final int WAITING = 256;
    private static final int REST_SECONDS = 10;

    private PageWorker() {}

    static Executor start() {
        return start("larder-pages", WAITING);
    }

    /**
     * Another one.
     *
     * @param name of the thread
     * @param waiting how many tasks may
     */
    static Executor start(String name, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, REST_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
