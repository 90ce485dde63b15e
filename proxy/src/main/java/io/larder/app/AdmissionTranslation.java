package io.larder.app;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.admission.TokenAlgorithm;
import io.larder.admission.TokenRules;
import io.larder.config.AdmissionConfig;
import io.larder.config.AdmissionConfig.Basic;
import io.larder.config.AdmissionConfig.Jwt;
import io.larder.config.LarderConfig;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.http.FieldName;
import io.larder.route.Admission;
import io.larder.route.LimitRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in the gateway's words who is let in. What a route does not say is as its site says. */
final class AdmissionTranslation {
    private AdmissionTranslation() {}

    /** Who may use what no route of {@code site} takes. */
    static Admission of(SiteConfig site) {
        AdmissionConfig said = site.admission();
        return new Admission(access(said.access()), limit(site.name(), said.limit()), auth(site, null));
    }

    /** Who may use {@code route} of {@code site}. */
    static Admission of(SiteConfig site, RouteConfig route) {
        AdmissionConfig own = route.admission();
        AdmissionConfig said = site.admission();
        return new Admission(
                access(own.access() == null ? said.access() : own.access()),
                own.limit() == null
                        ? limit(site.name(), said.limit())
                        : limit(site.name() + "/" + route.name() + route.path() + matching(route), own.limit()),
                auth(site, route));
    }

    /** What tells routes with the same path apart, the same on all nodes. */
    private static String matching(RouteConfig route) {
        return route.match().equals(RouteConfig.Match.ANY)
                ? ""
                : "#" + Integer.toHexString(route.match().toString().hashCode());
    }

    private static @Nullable AccessRules access(AdmissionConfig.@Nullable Access access) {
        return access == null ? null : new AccessRules(access.allow(), access.deny());
    }

    private static @Nullable LimitRule limit(String name, AdmissionConfig.@Nullable Limit limit) {
        if (limit == null) {
            return null;
        }
        LimitRule.By by = switch (limit.by()) {
            case AdmissionConfig.By.ClientIp ip -> new LimitRule.By.ClientIp();
            case AdmissionConfig.By.Header(String field) -> new LimitRule.By.Header(FieldName.of(field));
            case AdmissionConfig.By.Cookie(String cookie) -> new LimitRule.By.Cookie(cookie);
        };
        Gcra rate = Gcra.of(limit.rate().many(), limit.rate().per(), limit.burst());
        return new LimitRule(name, rate, by, limit.scope() == AdmissionConfig.Scope.FLEET);
    }

    /** @param route null for the site's own */
    private static @Nullable AuthRule auth(SiteConfig site, @Nullable RouteConfig route) {
        boolean own = route != null && route.admission().auth() != null;
        AdmissionConfig.Auth auth = own && route != null
                ? route.admission().auth()
                : site.admission().auth();
        String name = own && route != null ? route.origin().place().toString() : site.name();
        return auth instanceof AdmissionConfig.On on ? rule(on, name, site.name()) : null;
    }

    private static AuthRule rule(AdmissionConfig.On on, String name, String site) {
        Basic basic = on.basic();
        Jwt jwt = on.jwt();
        if (basic != null) {
            return new AuthRule.Passwords(name, basic.realm() == null ? site : basic.realm());
        }
        if (jwt == null) {
            throw new IllegalArgumentException("it is a password or a token");
        }
        TokenRules rules = new TokenRules(
                jwt.algorithms().stream().map(AdmissionTranslation::algorithm).collect(Collectors.toSet()),
                jwt.issuer(),
                jwt.audience(),
                jwt.clockSkew());
        return new AuthRule.Tokens(name, jwt.realm() == null ? site : jwt.realm(), FieldName.of(jwt.header()), rules);
    }

    private static TokenAlgorithm algorithm(AdmissionConfig.Algorithm algorithm) {
        return switch (algorithm) {
            case RS256 -> TokenAlgorithm.RS256;
            case ES256 -> TokenAlgorithm.ES256;
            case EDDSA -> TokenAlgorithm.EDDSA;
        };
    }

    /** All that asks for something to be shown, and how the configuration says it. */
    static Map<AuthRule, AdmissionConfig.On> rules(LarderConfig config) {
        Map<AuthRule, AdmissionConfig.On> rules = new LinkedHashMap<>();
        for (SiteConfig site : config.sites().values()) {
            note(rules, auth(site, null), site.admission().auth());
            for (RouteConfig route : site.routes()) {
                AdmissionConfig.Auth own = route.admission().auth();
                note(rules, auth(site, route), own == null ? site.admission().auth() : own);
            }
        }
        return rules;
    }

    private static void note(
            Map<AuthRule, AdmissionConfig.On> rules, @Nullable AuthRule rule, AdmissionConfig.@Nullable Auth auth) {
        if (rule != null && auth instanceof AdmissionConfig.On on) {
            rules.put(rule, on);
        }
    }
}
