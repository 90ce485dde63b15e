package io.larder.gateway;

import io.larder.admission.KeySet;
import org.jspecify.annotations.Nullable;

/** The keys of an issuer, which may change. Any thread may call. */
public interface TokenKeys {
    /**
     * The keys as they are known.
     *
     * @param version another whenever the keys are others
     */
    record Known(KeySet keys, long version) {}

    /** Those of now; null where none have been had yet. */
    @Nullable
    Known now();

    /** A token is signed with a key that is not among them: they may be out of date. Returns at once. */
    void missed();
}
