package io.larder.whatif;

import io.larder.balance.Choice;
import io.larder.balance.Eligible;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.Cookies;
import io.larder.policy.Invalidation;
import io.larder.policy.PostedAnswer;
import io.larder.policy.Stored;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Destination;
import io.larder.route.FragmentPlan;
import io.larder.route.Stickiness;
import io.larder.route.StickyTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the origin would be asked, and which server.
 *
 * @param way to one of its upstreams
 * @param fragments what pages are put together from, for the same client
 */
record Asking(Setup setup, Taken taken, Action.Proxy proxy, Destination.Way way, Present present, Fragments fragments) {
    private static final List<FieldName> CONDITIONS = List.of(
            Fields.IF_NONE_MATCH,
            Fields.IF_MODIFIED_SINCE,
            Fields.IF_MATCH,
            Fields.IF_UNMODIFIED_SINCE,
            Fields.IF_RANGE,
            Fields.RANGE);

    /** What the page is put together from that answers {@code asked}, if it is one. */
    Optional<Step> parts(Request asked, Stored stored) {
        FragmentPlan plan = taken.route().fragments();
        return plan == null ? Optional.empty() : fragments.of(plan, asked, stored);
    }

    /** The route's {@code plan} as it holds for what its upstream answers. */
    CachePlan own(CachePlan plan) {
        return plan.of(taken.site(), taken.route(), proxy.to(), way.upstream());
    }

    Decided decided() {
        return new Decided(setup.signposts(), taken);
    }

    /** What of {@code sent} decides over the answer. */
    Step origin(Request sent) {
        Target target = proxy.rewritten(taken.route().path(), sent.target());
        Step step = Step.of(Topic.ORIGIN, sent.method() + " " + target.pathAndQuery());
        if (!target.equals(sent.target())) {
            step = step.note("rewritten", "from " + sent.target().pathAndQuery());
        }
        List<String> dropped = new ArrayList<>(Cookies.names(taken.request().headers()));
        dropped.removeAll(Cookies.names(sent.headers()));
        return step.note("asks", conditions(sent.headers())).note("without cookies", dropped);
    }

    private static List<String> conditions(Headers headers) {
        List<String> conditions = new ArrayList<>();
        for (FieldName name : CONDITIONS) {
            String value = headers.combined(name);
            if (value != null) {
                conditions.add(name + ": " + value);
            }
        }
        return conditions;
    }

    /** Which server of the upstream is picked. */
    Step server() {
        String upstream = way.upstream();
        Present.Group group = present.group(upstream);
        List<Present.Candidate> servers = group.servers();
        List<Present.Candidate> eligible = Arrays.stream(
                        Eligible.of(servers, new Choice(0, 0, Set.of(), 0, bound -> 0)))
                .mapToObj(servers::get)
                .sorted(Comparator.comparingDouble(Asking::load))
                .toList();
        Stickiness sticky = setup.sticky().get(upstream);
        String bound = sticky == null ? null : bound(sticky);
        boolean holds =
                eligible.stream().anyMatch(server -> server.endpoint().address().equals(bound));
        Step step = Step.of(Topic.SERVER, holds ? bound + ", to which the client is bound" : picked(group, eligible))
                .at(setup.signposts().upstream(upstream))
                .note("upstream", upstream + ", " + group.balance());
        List<String> all = servers.stream()
                .map(server -> server.endpoint().address() + state(group, server))
                .toList();
        String binds = sticky == null ? "" : sticky.cookie() + (bound == null ? ", which binds to none" : "");
        return step.note("servers", all).note("cookie", binds.isEmpty() ? List.of() : List.of(binds));
    }

    private @Nullable String bound(Stickiness sticky) {
        String token = fragments.asker().ties().cookie(sticky.cookie());
        return sticky.bond(token, fragments.now())
                .map(StickyTokens.Bond::server)
                .orElse(null);
    }

    private static double load(Present.Candidate server) {
        return server.inFlight() / (double) server.endpoint().weight();
    }

    private static String picked(Present.Group group, List<Present.Candidate> eligible) {
        if (eligible.isEmpty()) {
            return "none: the upstream has no server";
        }
        String first = eligible.getFirst().endpoint().address();
        if (eligible.size() == 1) {
            return first + ", the only one that may be picked";
        }
        boolean byLoad = group.live() && load(eligible.getFirst()) < load(eligible.get(1));
        if (group.balance().equals("least-requests") && byLoad) {
            boolean sure = eligible.size() == 2;
            return first + ", the least busy" + (sure ? "" : " of those that chance draws");
        }
        return "one of " + eligible.size() + ", by " + group.balance();
    }

    private static String state(Present.Group group, Present.Candidate server) {
        List<String> words = new ArrayList<>();
        if (group.live()) {
            words.add(server.usable() ? server.inFlight() + " in flight" : "left alone after failures");
        }
        if (server.endpoint().weight() > 1) {
            words.add("weight " + server.endpoint().weight());
        }
        if (server.endpoint().isBackup()) {
            words.add("backup");
        }
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    /** What becomes of a response that passes by the cache. */
    Step passed(Request asked, Response response, Instant now) {
        CachePlan plan = taken.route().cache();
        boolean stores = plan != null && taken.keyed() && way.pastCache(true) == null;
        Optional<PostedAnswer> posted = plan == null || !stores
                ? Optional.empty()
                : PostedAnswer.of(own(plan).rules(), asked, response, now, now);
        String end = posted.isPresent() ? "passed on, and stored for GET" : "passed on and not stored";
        List<String> gone =
                Invalidation.targets(asked, response).stream().map(Target::uri).toList();
        return Step.of(Topic.RESPONSE, response.status() + ", " + end).note("invalidates", gone);
    }
}
