package io.larder.admin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value: what came of reading the configuration again. All of it may be shown. */
public sealed interface ReloadReport {
    /**
     * It is live.
     *
     * @param changes what is new about it; empty: nothing
     * @param files that it names, such as certificates, and that hold something else than before
     * @param restartNeeded keys in it that say something else than what this process runs with until its end
     * @param warnings what is odd about it
     * @param took from the first look at the files on
     */
    record Done(
            List<Difference> changes,
            List<String> files,
            List<String> restartNeeded,
            List<Trouble> warnings,
            Duration took)
            implements ReloadReport {
        public Done {
            changes = List.copyOf(changes);
            files = List.copyOf(files);
            restartNeeded = List.copyOf(restartNeeded);
            warnings = List.copyOf(warnings);
        }

        /** Whether anything is new. */
        boolean changed() {
            return !changes.isEmpty() || !files.isEmpty();
        }
    }

    /** It cannot be used; the one before stays live. */
    record Refused(List<Trouble> problems) implements ReloadReport {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** There is nothing to read. */
    record Nothing(String why) implements ReloadReport {}

    /** How a part of a configuration differs. */
    enum Kind {
        ADDED,
        REMOVED,
        CHANGED,
        /** It has another place in its list. */
        MOVED
    }

    /**
     * One difference.
     *
     * @param path of the part, such as {@code sites.shop.routes[3].cache.ttl}
     * @param route the path pattern of the route that it is about; empty for anything else
     * @param before what it was, or where; null: it was not there
     * @param after what it is; null: it is not there, or the same in another place
     */
    record Difference(
            Kind kind,
            String path,
            String route,
            @Nullable String before,
            @Nullable String after) {}

    /**
     * Something wrong, or odd.
     *
     * @param place {@code file:line:column}; null where the message says it
     * @param isWarning whether the configuration could be used all the same
     * @param suggestion what to do about it; null where nothing helps
     */
    record Trouble(
            @Nullable String place,
            boolean isWarning,
            String message,
            @Nullable String suggestion) {
        /** An error that says itself where it is. */
        public static Trouble of(String message) {
            return new Trouble(null, false, message, null);
        }

        /** In one line. */
        public String text() {
            return place == null ? message : place + ": " + message;
        }
    }
}
