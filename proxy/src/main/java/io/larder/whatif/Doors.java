package io.larder.whatif;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.route.Admission;
import io.larder.route.LimitRule;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.whatif.Explanation.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in where a request leads. What is shown is not checked, and nobody's allowance is touched: to wonder is not to come.
 *
 * @param address of the client, as far as it can be trusted
 */
record Doors(Setup setup, RouteTable.Match match, String address) {
    /** @param own whether it is a client's own request, and not for a part of a page */
    List<Step> steps(boolean own) {
        Admission admission = match.admission();
        List<Step> steps = new ArrayList<>();
        AccessRules access = admission.access();
        if (!match.sure()) {
            steps.add(
                    Step.of(Topic.ACCESS, "no: the path can be read in several ways, which let in different clients"));
        } else if (access != null) {
            String answer = (access.admit(address) ? "yes: " : "no: ") + address;
            steps.add(Step.of(Topic.ACCESS, answer).at(place("access")));
        }
        LimitRule limit = admission.limit();
        if (limit != null && own) {
            steps.add(Step.of(Topic.LIMIT, often(limit)).at(place("limit")));
        }
        AuthRule auth = admission.auth();
        if (auth != null) {
            steps.add(Step.of(Topic.AUTH, shown(auth)).at(place("auth")));
        }
        return steps;
    }

    /** The verdict over {@code request} where it does not come in; null where it may. */
    @Nullable
    Verdict refusal(Request request, boolean own) {
        AccessRules access = match.admission().access();
        if (!match.sure() || (access != null && !access.admit(address))) {
            return new Verdict("none", "access", "answered here: 403, it is not let in");
        }
        AuthRule auth = match.admission().auth();
        return auth != null && own && !request.headers().contains(field(auth))
                ? new Verdict("none", "auth", "answered here: 401, it shows nothing")
                : null;
    }

    private static String often(LimitRule limit) {
        Gcra rate = limit.rate();
        String by = switch (limit.by()) {
            case LimitRule.By.ClientIp ip -> "by address";
            case LimitRule.By.Header(FieldName name) -> "by " + name;
            case LimitRule.By.Cookie(String name) -> "by the cookie " + name;
        };
        long second = Duration.ofSeconds(1).toNanos();
        String often = rate.interval() <= second
                ? Math.round((double) second / rate.interval()) + " times a second"
                : "once in " + Amounts.time(Duration.ofNanos(rate.interval()).toMillis());
        return often + " in the long run, " + rate.burst() + " times at once, " + by
                + (limit.fleet() ? ", on all nodes together" : ", on this node");
    }

    private static String shown(AuthRule auth) {
        return switch (auth) {
            case AuthRule.Passwords asked -> "a name and its password, for " + asked.realm();
            case AuthRule.Tokens asked -> "a token in " + asked.field() + ", for " + asked.realm();
        };
    }

    private static FieldName field(AuthRule auth) {
        return auth instanceof AuthRule.Tokens tokens ? tokens.field() : Fields.AUTHORIZATION;
    }

    /** Where the key is written: at the route, else at the site. */
    private @Nullable String place(String key) {
        String site = "sites." + match.site().name();
        Route route = match.route();
        String own = route == null
                ? null
                : setup.signposts()
                        .key(site + ".routes[" + match.site().routes().indexOf(route) + "]." + key);
        return own == null ? setup.signposts().key(site + "." + key) : own;
    }
}
