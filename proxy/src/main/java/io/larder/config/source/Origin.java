package io.larder.config.source;

import org.jspecify.annotations.Nullable;

/**
 * A value: where a part of the configuration was written. It says nothing about that part, so all origins are equal: records
 * that only moved within their file stay equal, and a reload keeps what they stand for.
 */
public final class Origin {
    private final Place place;

    private Origin(Place place) {
        this.place = place;
    }

    public static Origin of(Place place) {
        return new Origin(place);
    }

    public Place place() {
        return place;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin;
    }

    @Override
    public int hashCode() {
        return Origin.class.hashCode();
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
