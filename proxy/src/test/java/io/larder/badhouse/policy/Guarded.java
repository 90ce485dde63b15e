package io.larder.badhouse.policy;

import io.larder.exchange.Shared;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Fears threads that never come here. */
public final class Guarded {
    volatile boolean seen;
    final Map<String, AtomicLong> counts = new HashMap<>();

    synchronized int guarded() {
        return new ConcurrentHashMap<String, String>().size() + new ReentrantLock().getHoldCount();
    }

    /** Innocent, and so is what is nested in it. */
    @Shared
    static final class Meeting {
        volatile boolean seen;

        static final class Inner {
            final AtomicLong count = new AtomicLong();
        }
    }
}
