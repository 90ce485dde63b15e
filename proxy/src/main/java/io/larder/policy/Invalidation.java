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
        if (!isChange(request, response)) {
            return List.of();
        }
        List<Target> targets = new ArrayList<>(2);
        targets.add(request.target());
        addNamed(targets, Fields.LOCATION, request, response);
        addNamed(targets, Fields.CONTENT_LOCATION, request, response);
        return List.copyOf(targets);
    }

    /** The groups of the target's origin whose stored responses no longer count likewise (RFC 9875 §3). */
    public static List<String> groups(Request request, Response response) {
        return isChange(request, response) ? Tags.groups(response.headers(), Tags.CACHE_GROUP_INVALIDATION) : List.of();
    }

    /**
     * Whether a request has changed something for all we know: RFC 9111 §4.4 counts 2xx and 3xx as success, and a method
     * that is unknown to us may have changed anything.
     */
    public static boolean isChange(Request request, Response response) {
        return !request.isSafe() && response.status() >= 200 && response.status() <= 399;
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
