package io.larder.config.keys;

import io.larder.config.HostPort;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.ServerAddress;
import io.larder.config.SiteConfig;
import io.larder.config.UpstreamConfig;
import io.larder.config.Wire.Protocol;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import io.larder.config.source.Place;
import io.larder.config.source.Problem;
import io.larder.config.source.Problem.Severity;
import io.larder.config.source.Secrets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of a gateway in front of one application, from two command line options. */
public final class Fronting {
    private static final String UPSTREAM = "--upstream";
    private static final String BIND = "--bind";
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    private Fronting() {}

    /** The configuration, or what is wrong with the options. */
    public static Loaded of(String url, String bind) {
        boolean secure = begins(url, HTTPS);
        HostPort server = secure ? server(without(HTTPS, url), 443) : server(without(HTTP, url), 80);
        if (server == null) {
            String suggestion = "write http://host:port or https://host:port";
            return bad(UPSTREAM, "'" + Secrets.shown(url) + "' is not an application's address", suggestion);
        }
        HostPort listen = HostPort.parse(bind);
        if (listen == null) {
            return bad(BIND, "'" + bind + "' is not an address to listen on", Scalars.BIND.example());
        }
        return new Good(config(server, secure ? Protocol.HTTPS : Protocol.HTTP_1_1, listen), List.of());
    }

    private static boolean begins(String url, String scheme) {
        return url.toLowerCase(Locale.ROOT).startsWith(scheme);
    }

    private static String without(String scheme, String url) {
        String rest = begins(url, scheme) ? url.substring(scheme.length()) : url;
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    private static @Nullable HostPort server(String text, int defaultPort) {
        HostPort withPort = HostPort.parse(text);
        HostPort address = withPort != null ? withPort : HostPort.parse(text + ":" + defaultPort);
        return address == null || address.host().isEmpty() || address.port() == 0 ? null : address;
    }

    private static LarderConfig config(HostPort server, Protocol protocol, HostPort listen) {
        Origin upstreamOrigin = Origin.of(Place.of(UPSTREAM));
        Origin bindOrigin = Origin.of(Place.of(BIND));
        ListenerConfig listener = ListenerKeys.SECTION.make(
                new Values<ListenerConfig>("web", bindOrigin, null).with(ListenerKeys.BIND, listen));
        UpstreamConfig upstream = UpstreamKeys.SECTION.make(new Values<UpstreamConfig>("app", upstreamOrigin, null)
                .with(WireKeys.PROTOCOL, protocol)
                .with(UpstreamKeys.SERVERS, List.of(ServerKeys.server(new ServerAddress.Tcp(server), upstreamOrigin))));
        SiteConfig site = SiteKeys.fronting("default", "app", upstreamOrigin);
        return LarderKeys.SECTION.make(new Values<LarderConfig>("larder", upstreamOrigin, null)
                .with(LarderKeys.LISTENERS, Map.of("web", listener))
                .with(LarderKeys.UPSTREAMS, Map.of("app", upstream))
                .with(LarderKeys.SITES, Map.of("default", site)));
    }

    private static Bad bad(String option, String message, @Nullable String suggestion) {
        return new Bad(List.of(new Problem(Place.of(option), Severity.ERROR, message, null, suggestion)));
    }
}
