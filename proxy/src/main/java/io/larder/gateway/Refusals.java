package io.larder.gateway;

import io.larder.policy.Storability;
import io.larder.store.Store;
import java.time.Duration;
import java.time.Instant;

/** Remembers what may not be shared, so that nobody is made to wait for it in vain (hit-for-miss), and tells what the guard found. */
final class Refusals {
    private static final Duration HIT_FOR_MISS = Duration.ofSeconds(5);

    private Refusals() {}

    /** Notes that the response to {@code quest} was refused; answers whether that lies in who asked. */
    static boolean note(SharedCache cache, Quest quest, Storability.Refuse refuse, Instant now) {
        Store store = cache.store();
        // what a visitor with a session is refused says nothing of what everyone else gets under the same URL
        boolean personal = Storability.isPersonal(quest.rules(), quest.request().headers());
        boolean his = refuse.concernsPersonal() || (personal && refuse.concernsEveryone());
        if (his) {
            store.noteUnshareable(quest.key().personal(), HIT_FOR_MISS);
        } else if (refuse.concernsEveryone()) {
            store.noteUnshareable(quest.key(), HIT_FOR_MISS);
        }
        if (refuse.isOfGuard()) {
            cache.findings()
                    .found(
                            quest.exchange().journal(),
                            quest.request().target().uri(),
                            refuse.reason().code(),
                            refuse.detail(),
                            now);
        }
        return his;
    }

    /** Whether the like of {@code quest} was refused a moment ago. */
    static boolean areNoted(Store store, Quest quest) {
        boolean his =
                Storability.mayDependOnAsker(quest.rules(), quest.request().headers());
        return store.isUnshareable(quest.key())
                || (his && store.isUnshareable(quest.key().personal()));
    }
}
