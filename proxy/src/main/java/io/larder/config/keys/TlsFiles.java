package io.larder.config.keys;

import io.larder.config.bind.Key;
import io.larder.config.bind.Values;
import java.nio.file.Path;

/**
 * The keys of one section that name files for TLS, and what they are to each other.
 *
 * @param ca whom to trust
 * @param verify whether that is asked
 * @param cert what to show
 * @param key of {@code cert}
 */
record TlsFiles<R>(Key<R, Path> ca, Key<R, Boolean> verify, Key<R, Path> cert, Key<R, Path> key) {
    /** Whether there is a certificate with its key, or neither; reports what does not fit. */
    boolean fit(Values<R> values) {
        if (values.wrote(ca) && !values.get(verify)) {
            values.warning(ca, "'ca' vouches for nobody: verify is off", null);
        }
        boolean fit = values.wrote(cert) == values.wrote(key);
        if (!fit) {
            Key<R, Path> alone = values.wrote(cert) ? cert : key;
            values.error(alone, "'cert' and 'key' belong together: one is missing", null);
        }
        return fit;
    }
}
