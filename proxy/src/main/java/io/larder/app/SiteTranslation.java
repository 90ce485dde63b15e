package io.larder.app;

import io.larder.admission.AuthRule;
import io.larder.coherence.Purge;
import io.larder.config.LarderConfig;
import io.larder.config.PurgeConfig;
import io.larder.config.RouteAction;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.source.Text;
import io.larder.gateway.FieldEdits;
import io.larder.gateway.PurgeAccess;
import io.larder.gateway.Report;
import io.larder.gateway.SiteRules;
import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.route.Action;
import io.larder.route.Admission;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.Destination;
import io.larder.route.HttpsRule;
import io.larder.route.InvalidationRule;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.Template;
import io.larder.route.TrustedProxies;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in the gateway's words what the configuration says of sites and their routes. */
final class SiteTranslation {
    private final LarderConfig config;

    SiteTranslation(LarderConfig config) {
        this.config = config;
    }

    /** Whose word on their clients is believed. */
    static TrustedProxies trusted(LarderConfig config) {
        return new TrustedProxies(
                config.trustedProxies(), config.trustedField() == LarderConfig.TrustedField.FORWARDED);
    }

    List<SiteRules> sites() {
        return config.sites().values().stream().map(this::site).toList();
    }

    private SiteRules site(SiteConfig site) {
        List<Route> routes =
                site.routes().stream().map(route -> route(site, route)).toList();
        Report report = new Report(
                switch (site.reporting().cacheStatus()) {
                    case ON -> Report.Detail.ON;
                    case OFF -> Report.Detail.OFF;
                    case DEBUG -> Report.Detail.DEBUG;
                },
                site.reporting().xCache(),
                site.reporting().surrogateFields() == SiteConfig.SurrogateFields.SEND);
        return new SiteRules(
                new Site(
                        site.name(),
                        site.hosts(),
                        site.canonicalHost(),
                        Set.copyOf(site.listeners()),
                        routes,
                        AdmissionTranslation.of(site)),
                edits(site.headers().request()),
                edits(site.headers().response().fields()),
                site.headers().response().security(),
                report,
                new HttpsRule(site.https().redirect(), site.https().hsts()),
                access(site.purging().access()),
                site.purging().rules().stream().map(SiteTranslation::rule).toList());
    }

    private static @Nullable PurgeAccess access(PurgeConfig.@Nullable Access access) {
        return access == null ? null : new PurgeAccess(Set.copyOf(access.methods()), access.from());
    }

    private static InvalidationRule rule(PurgeConfig.Rule rule) {
        PurgeConfig.Effect effect = rule.effect();
        return new InvalidationRule(
                Set.copyOf(rule.on().methods()),
                PathPattern.compile(rule.on().path()),
                templates(effect.tags()),
                templates(effect.urls()),
                templates(effect.prefixes()),
                switch (effect.mode()) {
                    case HARD -> Purge.Mode.HARD;
                    case SOFT -> Purge.Mode.SOFT;
                });
    }

    private static List<Template> templates(List<String> texts) {
        return texts.stream().map(Template::compile).toList();
    }

    private static FieldEdits edits(SiteConfig.Edit edit) {
        return new FieldEdits(
                byKey(edit.set(), FieldName::of, Text::value),
                edit.remove().stream().map(FieldName::of).toList());
    }

    private Route route(SiteConfig site, RouteConfig route) {
        Admission admission = AdmissionTranslation.of(site, route);
        return new Route(
                route.name(),
                route.origin().place().toString(),
                PathPattern.compile(route.path()),
                conditions(route.match()),
                action(site, route.action()),
                plan(route, admission),
                FragmentTranslation.plan(route.fragments()),
                admission);
    }

    /** A token in a field that caches do not know passes by them, as a bearer's answers would be everybody's. */
    private @Nullable CachePlan plan(RouteConfig route, Admission admission) {
        CachePlan plan = CacheTranslation.plan(config.cache(), route.cache());
        return plan != null && admission.auth() instanceof AuthRule.Tokens tokens && !tokens.isKnownToCaches()
                ? CacheTranslation.passing(plan, tokens.field())
                : plan;
    }

    private static Conditions conditions(RouteConfig.Match match) {
        return new Conditions(
                Set.copyOf(match.methods()),
                byKey(match.headers(), FieldName::of, SiteTranslation::glob),
                byKey(match.query(), Function.identity(), SiteTranslation::glob),
                byKey(match.cookies(), Function.identity(), SiteTranslation::glob));
    }

    private static Glob glob(Text text) {
        return Glob.of(text.value());
    }

    private static Action action(SiteConfig site, RouteAction action) {
        return switch (action) {
            case RouteAction.Forward(var destination, var writes, String rewrite) ->
                new Action.Proxy(
                        new Destination(shares(site, destination), writes(writes)),
                        rewrite == null ? null : Template.compile(rewrite));
            case RouteAction.Redirect(String to, int status) -> new Action.Redirect(Template.compile(to), status);
            case RouteAction.Respond(int status, Text body, String contentType) ->
                new Action.Respond(status, body.value(), contentType);
        };
    }

    private static List<Destination.Share> shares(SiteConfig site, RouteAction.@Nullable Destination destination) {
        return destination instanceof RouteAction.Split(Map<String, Integer> shares)
                ? shares.entrySet().stream()
                        .map(share -> new Destination.Share(share.getKey(), share.getValue()))
                        .toList()
                : Destination.of(String.valueOf(upstream(site, destination))).shares();
    }

    private static Destination.@Nullable Writes writes(RouteAction.@Nullable Writes writes) {
        return writes == null ? null : new Destination.Writes(writes.upstream(), writes.readYours());
    }

    /** The upstream of a route, the first of several; null where it needs none. */
    static @Nullable String upstream(SiteConfig site, RouteAction.@Nullable Destination destination) {
        return destination == null
                ? site.upstream()
                : destination.upstreams().iterator().next();
    }

    private static <K, V> Map<K, V> byKey(Map<String, Text> map, Function<String, K> key, Function<Text, V> value) {
        return map.entrySet().stream()
                .collect(Collectors.toMap(e -> key.apply(e.getKey()), e -> value.apply(e.getValue())));
    }
}
