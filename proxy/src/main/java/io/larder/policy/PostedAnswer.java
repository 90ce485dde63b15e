package io.larder.policy;

import io.larder.http.Authority;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.http.UriReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether the answer to a POST is what a GET of the same URL would bring, and may be stored for it (RFC 9110 §9.3.3): it
 * succeeded, says by its Content-Location that it is, and for how long.
 *
 * @param get the GET that the answer is stored for
 * @param keep what is stored
 */
public record PostedAnswer(Request get, Storability.Keep keep) {

    /** Decides; empty where it may not. The parameters are those of {@link Storability#of}, but for the method. */
    public static Optional<PostedAnswer> of(
            CacheRules rules, Request post, Response response, Instant requestedAt, Instant receivedAt) {
        boolean successful = response.status() >= 200 && response.status() <= 299;
        if (!post.is("POST") || !successful || !isOfTarget(post.target(), response)) {
            return Optional.empty();
        }
        Request get = post.withMethod("GET").withBody(Body.none());
        // who tells who he is may have been answered for himself, whatever the fields say
        if (Storability.isPersonal(rules, get.headers()) || !(Lookup.of(rules, get) instanceof Lookup.Allowed)) {
            return Optional.empty();
        }
        return switch (Storability.of(rules, get, response, requestedAt, receivedAt)) {
            case Storability.Keep keep ->
                keep.head().freshness().origin().isExplicit()
                                && keep.head().freshness().lifetime() > 0
                        ? Optional.of(new PostedAnswer(get, keep))
                        : Optional.empty();
            case Storability.Refuse refuse -> Optional.empty();
        };
    }

    private static boolean isOfTarget(Target target, Response response) {
        List<String> locations = response.headers().all(Fields.CONTENT_LOCATION);
        Target named = locations.size() == 1 ? UriReference.resolve(target, locations.get(0)) : null;
        return named != null
                && named.scheme().equals(target.scheme())
                && named.pathAndQuery().equals(target.pathAndQuery())
                && authority(named).equals(authority(target));
    }

    private static Authority authority(Target target) {
        return target.authority().normalised(target.scheme());
    }
}
