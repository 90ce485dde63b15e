package io.larder.whatif;

import io.larder.assembly.Assembling;
import io.larder.exchange.Allowance;
import io.larder.exchange.Ties;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.policy.Cookies;
import io.larder.policy.Inheritance;
import io.larder.policy.Lookup;
import io.larder.policy.Reason;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Claims;
import io.larder.route.Destination;
import io.larder.route.HttpsRule;
import io.larder.route.OwnCookies;
import io.larder.route.Received;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.WroteCookie;
import io.larder.whatif.Explanation.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains what the gateway would do with a request: the questions that the proxy asks, in its order, put to the same
 * functions. Confined to one explanation.
 */
public final class Explain {
    private final Setup setup;
    private final Described described;
    private final Present present;
    private final Instant now;
    private final List<Target> around;
    private final Allowance allowance;
    private Asker asker;
    private final List<Step> steps = new ArrayList<>();

    private Explain(
            Setup setup,
            Described described,
            Asker asker,
            Present present,
            Instant now,
            List<Target> around,
            Allowance allowance) {
        this.setup = setup;
        this.described = described;
        this.asker = asker;
        this.present = present;
        this.now = now;
        this.around = around;
        this.allowance = allowance;
    }

    /** What {@code setup} makes of {@code described} at {@code now}, when things are as {@code present} says. */
    public static Explanation of(Setup setup, Described described, Present present, boolean live, Instant now) {
        Asker asker = Asker.of(setup.trusted(), described.request(), described.peer());
        Allowance allowance = new Allowance(Fragments.MOST, 0);
        return new Explain(setup, described, asker, present, now, List.of(), allowance).explained(live);
    }

    /** As {@link #of}, for a fragment of pages at {@code around} that {@code asker} asks for. */
    static Explanation ofFragment(
            Setup setup,
            Described described,
            Asker asker,
            Present present,
            Instant now,
            List<Target> around,
            Allowance allowance) {
        return new Explain(setup, described, asker, present, now, around, allowance).explained(true);
    }

    private Explanation explained(boolean live) {
        Verdict verdict = routed();
        String asked = described.request().method() + " "
                + described.request().target().uri();
        return new Explanation(asked, live, steps, verdict);
    }

    private Verdict routed() {
        Received received = received();
        String listener = Routing.listener(setup, described, received.request());
        RouteTable.Match match = setup.table().find(listener, received.request());
        if (match == null) {
            steps.add(Routing.noSite(listener, received.request()));
            return new Verdict("none", null, "421: no site answers to this host on listener " + listener);
        }
        steps.add(Routing.site(setup, match, listener, received.request()));
        Received ours = inherited(received, match).on(match.site());
        if (setup.purging()
                .getOrDefault(match.site().name(), Set.of())
                .contains(described.request().method())) {
            return new Verdict("none", null, "answered here: it purges, where it comes from a client who may");
        }
        steps.add(Routing.route(match, ours.request()));
        steps.addAll(Routing.claims(described.request(), ours, match));
        Target elsewhere = match.sure() ? redirected(match, ours.request()) : null;
        if (elsewhere != null) {
            steps.add(Step.of(Topic.HTTPS, "no: the client is sent to " + elsewhere.uri())
                    .at(setup.signposts().key("sites." + match.site().name() + ".https.redirect")));
            return new Verdict(
                    "none", "answered-here", "answered here: " + HttpsRule.STATUS + " to " + elsewhere.uri());
        }
        Doors doors = new Doors(setup, match, asker.address());
        steps.addAll(doors.steps(around.isEmpty()));
        Verdict refused = doors.refusal(ours.request(), around.isEmpty());
        return refused == null ? admitted(match, ours) : refused;
    }

    private Verdict admitted(RouteTable.Match match, Received ours) {
        Route route = match.route();
        if (route == null) {
            return new Verdict(
                    "none", null, "404: no route of site " + match.site().name() + " takes this request");
        }
        Taken taken = new Taken(match.site(), route, untied(match, ours.request()), ours.keyed() && match.certain());
        return switch (route.action()) {
            case Action.Redirect(var to, int status) ->
                new Verdict("none", "answered-here", "answered here: " + status + " to " + to);
            case Action.Respond respond ->
                new Verdict("none", "answered-here", "answered here: " + respond.status() + " with fixed content");
            case Action.Proxy proxy -> proxied(taken, proxy);
        };
    }

    private @Nullable Target redirected(RouteTable.Match match, Request request) {
        HttpsRule rule = setup.https().getOrDefault(match.site().name(), HttpsRule.NONE);
        return around.isEmpty() ? rule.redirected(request, match.route()) : null;
    }

    /** Cookies of the gateway's own are taken out of a client's request; what they say holds for the fragments, too. */
    private Request untied(RouteTable.Match match, Request request) {
        OwnCookies own = OwnCookies.of(match.site(), setup.sticky()::get);
        if (around.isEmpty()) {
            asker = asker.with(Ties.of(own.broughtBy(request)));
        }
        return own.withoutThem(request);
    }

    private Received received() {
        Request request = described.request();
        if (around.isEmpty()) {
            return Received.of(setup.trusted(), request, described.peer());
        }
        boolean believed = setup.trusted().include(described.peer());
        return new Received(request, believed, !believed || !Claims.changeTheUrl(request));
    }

    /** A fragment is told of the visitor what its route declares. */
    private Received inherited(Received received, RouteTable.Match match) {
        Route route = match.route();
        if (around.isEmpty() || route == null) {
            return received;
        }
        CachePlan plan = route.cache();
        Request own = Inheritance.of(
                plan == null ? null : plan.of(match.site(), route).rules(), received.request());
        return new Received(own, received.believed(), received.keyed());
    }

    private Verdict proxied(Taken all, Action.Proxy proxy) {
        Request page = all.route().fragments() == null ? all.request() : Assembling.accepting(all.request());
        Taken taken = new Taken(all.site(), all.route(), page, all.keyed());
        Fragments fragments = new Fragments(setup, described, asker, present, now, around, allowance);
        Destination.Way way =
                proxy.to().way(taken.request(), asker.address(), asker.ties().cookie(WroteCookie.NAME), now);
        Asking asking = new Asking(setup, taken, proxy, way, present, fragments);
        if (proxy.to().ways().size() > 1) {
            steps.add(Sides.step(asking, proxy.to(), way, asker));
        }
        CachePlan plan = taken.route().cache();
        Reason pastCache = way.pastCache(plan != null);
        if (plan == null) {
            Reason why = pastCache == null ? Reason.ROUTE_OFF : pastCache;
            String place = why == Reason.ROUTE_OFF ? asking.decided().place("") : null;
            return past(asking, taken.request(), why, place);
        }
        CachePlan own = asking.own(plan);
        CacheRules rules = own.rules();
        Request asked = Cookies.drop(taken.request(), rules.cookies().ignore());
        Lookup lookup = pastCache != null
                ? new Lookup.Bypass(pastCache)
                : taken.keyed() ? Lookup.of(rules, asked) : new Lookup.Bypass(Reason.UNKEYED);
        return switch (lookup) {
            case Lookup.Bypass(Reason why) ->
                past(asking, asked, why, asking.decided().place(why));
            case Lookup.Allowed yes -> {
                steps.add(Step.of(Topic.LOOKUP, "yes: the cache may answer, and may store"));
                Storehouse storehouse = new Storehouse(asking, own, described.response(), now);
                Verdict verdict = storehouse.explain(asked, steps);
                yield rules.sharing().guard() == CacheRules.Guarding.SHADOW
                        ? shadowed(verdict, asking.decided().place(Reason.GUARD_SHADOW))
                        : verdict;
            }
        };
    }

    /** Whatever the store has: the origin answers. */
    private Verdict shadowed(Verdict otherwise, @Nullable String place) {
        steps.add(Step.of(Topic.LOOKUP, "no: " + Meaning.of(Reason.GUARD_SHADOW))
                .because(Reason.GUARD_SHADOW)
                .at(place));
        return new Verdict(
                "bypass",
                Reason.GUARD_SHADOW.code(),
                "goes to the origin: " + Meaning.of(Reason.GUARD_SHADOW) + "; without that it " + otherwise.sentence());
    }

    /** Past the cache. */
    private Verdict past(Asking asking, Request asked, Reason why, @Nullable String place) {
        String what = Meaning.of(why);
        steps.add(Step.of(Topic.LOOKUP, "no: " + what).because(why).at(place));
        steps.add(asking.origin(asked));
        steps.add(asking.server());
        Response response = described.response();
        if (response != null) {
            steps.add(asking.passed(asked, response, now));
        }
        return new Verdict("bypass", why.code(), "goes to the origin past the cache: " + what);
    }
}
