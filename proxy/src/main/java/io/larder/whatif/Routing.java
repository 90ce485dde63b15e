package io.larder.whatif;

import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.route.Claims;
import io.larder.route.Received;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import java.util.ArrayList;
import java.util.List;

/** How a request finds its site and its route. */
final class Routing {
    private Routing() {}

    /** The listener that the request was said to come in on, or the first on which a site answers to it. */
    static String listener(Setup setup, Described described, Request request) {
        String said = described.listener();
        if (said != null) {
            return said;
        }
        return setup.listeners().stream()
                .filter(listener -> setup.table().find(listener, request) != null)
                .findFirst()
                .orElse(setup.listeners().isEmpty() ? "-" : setup.listeners().getFirst());
    }

    static Step noSite(String listener, Request request) {
        return Step.of(Topic.SITE, "none")
                .note("host", request.target().authority().toString())
                .note("listener", listener);
    }

    static Step site(Setup setup, RouteTable.Match match, String listener, Request request) {
        Site site = match.site();
        return Step.of(Topic.SITE, site.name())
                .at(setup.signposts().site(site))
                .note("host", request.target().authority() + " is one of " + hosts(site))
                .note("listener", listener);
    }

    private static String hosts(Site site) {
        return site.hosts().isEmpty() ? "any" : String.join(", ", site.hosts());
    }

    static Step route(RouteTable.Match match, Request request) {
        Route route = match.route();
        List<String> missed = new ArrayList<>();
        for (RouteTable.Missed one : RouteTable.before(match, request)) {
            missed.add(one.route().path() + (one.why().equals("path") ? "" : " (" + one.why() + ")"));
        }
        Step step = route == null
                ? Step.of(Topic.ROUTE, "none")
                : Step.of(Topic.ROUTE, route.name() + "  " + route.path()).at(route.place());
        return step.note("not", missed);
    }

    /** What only a proxy may say, where the request says any of it, and where its path is ambiguous. */
    static List<Step> claims(Request sent, Received received, RouteTable.Match match) {
        List<String> said = claimed(sent.headers());
        if (said.isEmpty() && match.certain()) {
            return List.of();
        }
        Step step = Step.of(Topic.CLAIMS, answer(received, match)).note("fields", said);
        return List.of(step);
    }

    private static String answer(Received received, RouteTable.Match match) {
        if (!match.certain()) {
            return "nothing, but an origin may read this path as another route's";
        }
        if (!received.believed()) {
            return "nothing that counts: it comes from nobody in trusted-proxies, and goes no further";
        }
        return received.keyed()
                ? "it is believed: it comes from a trusted proxy"
                : "it is believed, and it makes the URL another one than the key would tell";
    }

    private static List<String> claimed(Headers headers) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            if (Claims.include(headers, i) && !names.contains(headers.name(i))) {
                names.add(headers.name(i));
            }
        }
        return names;
    }
}
