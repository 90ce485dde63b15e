package io.larder.whatif;

import io.larder.http.Request;
import io.larder.http.Response;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody wonders about: a value.
 *
 * @param listener the name of the listener it comes in on; null: the first one on which a site answers to its host
 * @param peer who sends it
 * @param response what the origin answers; null where nobody said
 */
public record Described(
        Request request,
        @Nullable String listener,
        InetAddress peer,
        @Nullable Response response) {}
