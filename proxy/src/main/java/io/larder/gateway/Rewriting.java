package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.route.PathPattern;
import io.larder.route.Template;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Edits path and fields on the way to the origin: below the cache, so that keys and purges speak the client's URLs.
 */
final class Rewriting implements Handler {
    private final Handler next;
    private final PathPattern pattern;
    private final @Nullable Template rewrite;
    private final FieldEdits edits;

    Rewriting(Handler next, PathPattern pattern, @Nullable Template rewrite, FieldEdits edits) {
        this.next = next;
        this.pattern = pattern;
        this.rewrite = rewrite;
        this.edits = edits;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Request edited = edits.isEmpty() ? request : request.withHeaders(edits.apply(request.headers()));
        return next.handle(rewrite == null ? edited : edited.withTarget(rewritten(rewrite, edited.target())), exchange);
    }

    private Target rewritten(Template template, Target target) {
        Map<String, String> captures = pattern.captures(target.path());
        if (captures == null) {
            return target;
        }
        String path = template.fill(captures);
        boolean ownQuery = path.indexOf('?') >= 0 || target.query() == null;
        return target.withPathAndQuery(ownQuery ? path : path + "?" + target.query());
    }
}
