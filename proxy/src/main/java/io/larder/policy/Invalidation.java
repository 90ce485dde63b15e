package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.http.UriReference;
import java.util.ArrayList;
import java.util.List;

/** What a request makes unusable in the store (RFC 9111 §4.4). */
public final class Invalidation {
    private Invalidation() {}

    /**
     * The URIs whose stored responses, all variants of them, no longer count once {@code response} has come: after the
     * success of a method that is not known to be safe, the target and what the response names on the same origin.
     */
    public static List<Target> targets(Request request, Response response) {
        // RFC 9111 §4.4: a non-error status is 2xx or 3xx; a method unknown to us may have changed anything
        if (request.isSafe() || response.status() < 200 || response.status() > 399) {
            return List.of();
        }
        List<Target> targets = new ArrayList<>(2);
        targets.add(request.target());
        addNamed(targets, Fields.LOCATION, request, response);
        addNamed(targets, Fields.CONTENT_LOCATION, request, response);
        return List.copyOf(targets);
    }

    private static void addNamed(List<Target> targets, FieldName field, Request request, Response response) {
        String reference = response.headers().first(field);
        Target named = reference == null ? null : UriReference.resolve(request.target(), reference);
        // another origin's responses are not this one's to invalidate
        if (named != null && sameOrigin(named, request.target()) && !targets.contains(named)) {
            targets.add(named);
        }
    }

    private static boolean sameOrigin(Target a, Target b) {
        return a.scheme().equals(b.scheme())
                && a.authority().normalised(a.scheme()).equals(b.authority().normalised(b.scheme()));
    }
}
