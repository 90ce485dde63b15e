package io.larder.policy;

import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.SurrogateControl;

/** The fields by which an origin speaks to the gateways in front of it: obeyed here, and no client's business. */
public final class SurrogateFields {
    /** What they are called that say how a response may be used, or what is to be done to it. */
    static final FieldNames CONTROLS = FieldNames.of(Fields.SURROGATE_CONTROL, Fields.X_ACCEL_EXPIRES, FormMask.FIELD);

    /** What all of them are called. */
    public static final FieldNames NAMES = CONTROLS.with(Tags.FIELDS);

    private SurrogateFields() {}

    /** {@code response} without them; itself where it has none. */
    public static Headers without(Headers response) {
        return response.without(NAMES);
    }

    /** Whether {@code response} asks the gateways in front of its origin to process it as {@code language} says. */
    public static boolean askFor(Headers response, String language) {
        return SurrogateControl.asksFor(response, language);
    }

    /** Those of {@code response} alone. */
    static Headers of(Headers response) {
        return NAMES.includeAnyOf(response) ? response.keeping(i -> NAMES.include(response, i)) : Headers.EMPTY;
    }
}
