package io.larder.config.load;

/**
 * A value: one way in which a configuration differs from another. All of it may be shown: secrets are masked.
 */
public sealed interface Change {
    /** What has changed, such as {@code sites.shop.routes[3].cache.ttl}: as it is called now, or was when it was there. */
    String path();

    /** The path pattern of the route that it is about; empty for anything else. */
    String route();

    /** It was not there. */
    record Added(String path, String route, String value) implements Change {}

    /** It is not there any more. */
    record Removed(String path, String route, String value) implements Change {}

    /** It is another. */
    record Changed(String path, String route, String before, String after) implements Change {}

    /** It has another place among its like, and is what it was but for what else is said of it. */
    record Moved(String path, String route, int from) implements Change {}

    /** In a line, with the sign that such lines begin with. */
    default String text() {
        String where = path() + (route().isEmpty() ? "" : " (" + route() + ")");
        return switch (this) {
            case Added added -> "+ " + where + ": " + added.value();
            case Removed removed -> "- " + where + ": " + removed.value();
            case Changed changed -> "~ " + where + ": " + changed.before() + " -> " + changed.after();
            case Moved moved -> "~ " + where + ": moved, was [" + moved.from() + "]";
        };
    }
}
