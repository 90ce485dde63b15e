package io.larder.assembly;

import io.larder.exchange.Lack;
import io.larder.http.ContentCoding;
import io.larder.http.Response;
import io.larder.policy.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * Why a response is no fragment.
 *
 * @param detail for people
 */
record Unfit(Lack why, String detail) {
    /** Null where it is one. */
    static @Nullable Unfit of(Response response) {
        int status = response.status();
        if (status != 200 && status != 203 && status != 204) {
            return new Unfit(Lack.STATUS, "status " + status);
        }
        if (!MediaType.of(response.headers()).isText()) {
            return new Unfit(Lack.TYPE, "content that is no text");
        }
        return ContentCoding.of(response.headers()) == null
                ? new Unfit(Lack.CODING, "a coding that is not known")
                : null;
    }
}
