package io.larder.assembly;

import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.FormMask;
import io.larder.policy.MediaType;
import io.larder.policy.SurrogateFields;
import io.larder.route.FragmentPlan;
import org.jspecify.annotations.Nullable;

/**
 * How a page is to be read.
 *
 * @param language of its markup
 * @param mask what stands in it for tokens of forms; null for nothing
 */
record Reading(FragmentPlan.Language language, @Nullable FormMask mask) {
    /** How {@code response} is to be read on a route with {@code plan}; null where it is no page that has to be put together. */
    static @Nullable Reading of(FragmentPlan plan, Response response) {
        FormMask mask = plan.visitor().djangoForms() ? mask(response) : null;
        boolean asks = asks(plan, response);
        return asks || mask != null ? new Reading(asks ? plan.language() : FragmentPlan.Language.NONE, mask) : null;
    }

    /** What never ends is no page, and a 304 does not say what it is about. */
    private static boolean mayBeForced(Response response) {
        String type = MediaType.of(response.headers()).name();
        return response.status() != 304
                && !type.equals("text/event-stream")
                && !type.equals("application/x-ndjson")
                && !type.isEmpty();
    }

    private static @Nullable FormMask mask(Response response) {
        FormMask own = FormMask.of(response.headers()).orElse(null);
        return own == null ? FormMask.of(response.added()).orElse(null) : own;
    }

    private static boolean asks(FragmentPlan plan, Response response) {
        Headers headers = response.headers();
        String language = plan.language().capability();
        return language != null
                && ((plan.forced() && mayBeForced(response))
                        || SurrogateFields.askFor(response.added(), language)
                        || SurrogateFields.askFor(headers, language))
                && MediaType.of(headers).isText();
    }
}
