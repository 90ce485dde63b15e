package io.larder.app;

import io.larder.exchange.Handler;
import io.larder.exchange.Shared;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which generation those who come by one listener are put to: the live one, but where that does not know the listener, not
 * yet or not any more.
 */
@Shared
final class Door implements Supplier<Handler> {
    private final Live live;
    private volatile @Nullable Handler kept;

    Door(Live live) {
        this.live = live;
    }

    /** They are put to {@code handler} until it is said otherwise. */
    void keepTo(Handler handler) {
        kept = handler;
    }

    void follow() {
        kept = null;
    }

    @Override
    public Handler get() {
        Handler own = kept;
        return own == null ? live.gateway() : own;
    }
}
