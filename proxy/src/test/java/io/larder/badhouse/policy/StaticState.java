package io.larder.badhouse.policy;

import io.larder.exchange.Shared;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps state that outlives every object. */
@Shared
public final class StaticState {
    static int counter;
    static final List<String> LIST = new ArrayList<>();
    static final AtomicLong ATOMIC = new AtomicLong();
    static final List<String> INNOCENT = List.of("a", "b");
    static final Map<String, Integer> INNOCENT_MAP = Collections.unmodifiableMap(new HashMap<>());

    private StaticState() {}
}
