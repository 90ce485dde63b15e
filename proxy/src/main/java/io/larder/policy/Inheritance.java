package io.larder.policy;

import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a fragment is told of who looks at the page that it is for: what its route declares, and no more. A fragment that everybody
 * gets is asked for as nobody.
 */
public final class Inheritance {
    private static final FieldNames CREDENTIALS = FieldNames.of(Fields.COOKIE, Fields.AUTHORIZATION);

    private Inheritance() {}

    /**
     * {@code request}, which has all that the page's request says of the visitor, as it is put to the fragment's route: with all
     * of that where the route caches nothing, or nothing of what this visitor gets, or keeps it for him alone; else with the
     * cookies and fields that are in its key.
     *
     * @param rules of the fragment's route; null: it does not cache
     */
    public static Request of(@Nullable CacheRules rules, Request request) {
        if (rules == null || !CREDENTIALS.includeAnyOf(request.headers())) {
            return request;
        }
        Request known = Cookies.drop(request, rules.cookies().ignore());
        return isHis(rules, known) ? known : shared(rules, known);
    }

    private static Request shared(CacheRules rules, Request request) {
        Headers headers = request.headers();
        boolean keyed = rules.key().headers().contains(Fields.AUTHORIZATION);
        Headers rest = keyed ? headers : headers.without(Fields.AUTHORIZATION);
        return Cookies.keep(request.withHeaders(rest), rules.key().cookies());
    }

    private static boolean isHis(CacheRules rules, Request request) {
        Headers headers = request.headers();
        CacheRules.Personal personal = rules.sharing().personal();
        boolean owned = personal != null && Owner.of(personal.by(), headers) != null;
        return owned || rules.bypasses(headers);
    }
}
