package io.larder.server;

import io.larder.exchange.Handler;
import io.larder.exchange.Loop;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;

/** What all connections of one listener on one loop share that came while its settings were these. Confined to that loop. */
record LoopContext(
        Loop loop,
        ListenerSettings settings,
        Serving serving,
        DateLine dates,
        StreamFields fields,
        Connections connections,
        long idleNanos) {

    LoopContext(Loop loop, ListenerSettings settings, Serving serving) {
        this(
                loop,
                settings,
                serving,
                new DateLine(loop),
                new StreamFields(),
                new Connections(),
                settings.timeouts().idle().toNanos());
    }

    Handler handler() {
        return serving.handler().get();
    }

    Telemetry telemetry() {
        return serving.telemetry();
    }

    RequestId newId() {
        return serving.ids().get();
    }

    byte[] dateLine() {
        return dates.at(loop.nanos());
    }
}
