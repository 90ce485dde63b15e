package io.larder.route;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in.
 *
 * @param access by address; null: all
 * @param limit how often; null: always
 * @param auth what they must show; null: nothing
 */
public record Admission(
        @Nullable AccessRules access,
        @Nullable LimitRule limit,
        @Nullable AuthRule auth) {
    /** Everybody. */
    public static final Admission OPEN = new Admission(null, null, null);

    /** The same, as often as anybody likes. */
    Admission unlimited() {
        return new Admission(access, null, auth);
    }

    /** Whether nobody is kept out. */
    public boolean isOpen() {
        return access == null && limit == null && auth == null;
    }
}
