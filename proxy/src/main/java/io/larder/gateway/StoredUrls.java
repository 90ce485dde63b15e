package io.larder.gateway;

import io.larder.coherence.Purge;
import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Under which names the responses for a URL are stored: the route that a request for it takes decides what its key keeps. */
public final class StoredUrls {
    private static final Pattern PORT = Pattern.compile("^([^/]*):(?:\\d+|\\*)(?=/)");
    private static final Target ANY = new Target("http", Authority.NONE, "/", null);

    private final RouteTable table;
    private final List<String> listeners;

    /** @param listeners the names of all listeners: a host may belong to another site on each */
    public StoredUrls(RouteTable table, List<String> listeners) {
        this.table = table;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * What to purge for {@code target} to be gone: under its own spelling, and under every route's key for it. A host that
     * stands for another in its site means that one too.
     */
    public Set<Purge.Url> of(Target target) {
        Set<Purge.Url> urls = new LinkedHashSet<>();
        for (Target meant : meant(target)) {
            urls.add(url(KeyRules.PLAIN, meant));
            for (String listener : listeners) {
                for (Route route : table.candidates(listener, target)) {
                    if (route.cache() != null) {
                        urls.add(url(route.cache().rules().key(), meant));
                    }
                }
            }
        }
        return urls;
    }

    /** The authority of {@code target} as it stands in keys. */
    static String authority(Target target) {
        return target.authority().normalised(target.scheme()).toString();
    }

    /** What to purge for everything to be gone whose path and query begin like those of {@code target}. */
    public Set<Purge.Prefix> under(Target target) {
        Set<Purge.Prefix> prefixes = new LinkedHashSet<>();
        for (Target meant : meant(target)) {
            prefixes.add(new Purge.Prefix(meant.authority().toString(), meant.pathAndQuery()));
        }
        return prefixes;
    }

    /** What to purge for everything of a host to be gone, on every port where {@code host} names none. */
    public Set<Purge.Host> at(Authority host) {
        Set<Purge.Host> hosts = new LinkedHashSet<>();
        for (Target meant : meant(new Target("http", host, "/", null))) {
            hosts.add(host(meant.authority()));
        }
        return hosts;
    }

    /**
     * What to purge for everything to be gone whose URL, written without its scheme, matches {@code pattern}, whichever of
     * its site's hosts the URL names.
     */
    public Set<Purge.Match> matching(Glob pattern) {
        Set<Purge.Match> matches = new LinkedHashSet<>();
        matches.add(new Purge.Match(pattern));
        String text = pattern.pattern();
        int slash = text.indexOf('/');
        Authority host = slash < 0 ? null : Authority.parse(text.substring(0, slash)); // which has no star in it
        if (host == null) {
            table.sites().forEach(site -> matches.addAll(canonical(site, pattern)));
            return matches;
        }
        for (Target meant : meant(new Target("http", host, "/", null))) {
            matches.add(new Purge.Match(new Glob(meant.authority() + text.substring(slash))));
        }
        return matches;
    }

    /** What {@code pattern} matches under any host of {@code site}, as it is stored; nothing that it matches so, too. */
    private static Set<Purge.Match> canonical(Site site, Glob pattern) {
        Set<Purge.Match> matches = new LinkedHashSet<>();
        if (site.canonicalHost() == null) {
            return matches;
        }
        for (String host : site.hosts().isEmpty() ? List.of("*") : site.names()) {
            for (Glob rest : onAnyPort(pattern).after(host + "/")) {
                Glob stored = new Glob(site.canonical(ANY).authority() + "/" + rest.pattern());
                // a star in it is matched by stars alone, which then match whatever it stands for
                if (!pattern.matches(stored.pattern())) {
                    matches.add(new Purge.Match(stored));
                }
            }
        }
        return matches;
    }

    /** A site answers to its hosts on any port. */
    private static Glob onAnyPort(Glob pattern) {
        return new Glob(PORT.matcher(pattern.pattern()).replaceFirst("$1"));
    }

    /** No key writes the port that its scheme implies: whoever does means the host. */
    private static Purge.Host host(Authority authority) {
        boolean implied = authority.port() == 80 || authority.port() == 443;
        return new Purge.Host(implied ? authority.host() : authority.toString());
    }

    private Set<Target> meant(Target target) {
        Set<Target> all = new LinkedHashSet<>();
        all.add(target.withAuthority(target.authority().normalised(target.scheme())));
        for (String listener : listeners) {
            Site site = table.site(listener, target.authority());
            if (site != null) {
                all.add(site.canonical(target));
            }
        }
        return all;
    }

    private static Purge.Url url(KeyRules rules, Target target) {
        CacheKey key = CacheKey.of(rules.query(), target);
        return new Purge.Url(key.authority().toString(), key.pathAndQuery());
    }
}
