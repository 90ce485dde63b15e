package io.larder.route;

import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.policy.Cookies;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cookies that the gateway itself gives to the clients of a site. They end here: neither keys nor origins know them.
 *
 * @param names of them
 */
public record OwnCookies(List<String> names) {
    public OwnCookies {
        names = List.copyOf(names);
    }

    /**
     * Those of {@code site}.
     *
     * @param sticky how clients are bound to the servers of an upstream; null where they are not
     */
    public static OwnCookies of(Site site, Function<String, @Nullable Stickiness> sticky) {
        Set<String> names = new LinkedHashSet<>();
        for (Route route : site.routes()) {
            if (route.action() instanceof Action.Proxy proxy) {
                names.addAll(ofDestination(proxy.to(), sticky));
            }
        }
        return new OwnCookies(List.copyOf(names));
    }

    private static Set<String> ofDestination(Destination to, Function<String, @Nullable Stickiness> sticky) {
        Set<String> names = new LinkedHashSet<>();
        Destination.Writes writes = to.writes();
        if (writes != null && writes.shownFor() != null) {
            names.add(WroteCookie.NAME);
        }
        for (Destination.Way way : to.ways()) {
            Stickiness binding = sticky.apply(way.upstream());
            if (binding != null) {
                names.add(binding.cookie());
            }
        }
        return names;
    }

    /** What {@code request} brings of them, the first of each; empty for nothing. */
    public Map<String, String> broughtBy(Request request) {
        Headers headers = request.headers();
        if (names.isEmpty() || !headers.contains(Fields.COOKIE)) {
            return Map.of();
        }
        Map<String, String> brought = new HashMap<>();
        for (String name : names) {
            String value = Cookies.value(headers, name);
            if (value != null) {
                brought.put(name, value);
            }
        }
        return brought;
    }

    /** {@code request} without them. */
    public Request withoutThem(Request request) {
        return Cookies.without(request, names);
    }

    /** A {@code Set-Cookie} of one for all of its host, which no script reads and no other site has sent along. */
    static String set(String name, String value, long seconds, boolean secure) {
        return name + "=" + value + "; Max-Age=" + seconds + "; Path=/; HttpOnly; SameSite=Lax"
                + (secure ? "; Secure" : "");
    }
}
