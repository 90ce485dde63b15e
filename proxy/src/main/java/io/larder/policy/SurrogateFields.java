package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.List;
import java.util.stream.Stream;

/** The fields by which an origin speaks to the gateways in front of it: obeyed here, and no client's business. */
public final class SurrogateFields {
    private static final List<FieldName> NAMES = Stream.concat(
                    Stream.of(Fields.SURROGATE_CONTROL, Fields.X_ACCEL_EXPIRES), Tags.FIELDS.stream())
            .toList();

    private SurrogateFields() {}

    /** {@code response} without them; itself where it has none. */
    public static Headers without(Headers response) {
        return hasAny(response) ? response.keeping(i -> !isOne(response, i)) : response;
    }

    /** Those of {@code response} alone. */
    static Headers of(Headers response) {
        return hasAny(response) ? response.keeping(i -> isOne(response, i)) : Headers.EMPTY;
    }

    private static boolean hasAny(Headers response) {
        for (FieldName name : NAMES) {
            if (response.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOne(Headers response, int line) {
        for (FieldName name : NAMES) {
            if (response.is(line, name)) {
                return true;
            }
        }
        return false;
    }
}
