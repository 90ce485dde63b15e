package io.larder.gateway;

import io.larder.route.HttpsRule;
import io.larder.route.InvalidationRule;
import io.larder.route.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A site and what it wants done to every message.
 *
 * @param request edits of the request that an origin gets
 * @param response edits of every response, our own errors included
 * @param securityHeaders whether responses get, before that, what they lack of {@link SecurityHeaders}'s fields
 * @param https what becomes of clients who come in the clear
 * @param purge who may purge by a method of HTTP; null: such requests are like any other
 * @param invalidations what successful requests make stale
 */
public record SiteRules(
        Site site,
        FieldEdits request,
        FieldEdits response,
        boolean securityHeaders,
        Report report,
        HttpsRule https,
        @Nullable PurgeAccess purge,
        List<InvalidationRule> invalidations) {
    public SiteRules {
        invalidations = List.copyOf(invalidations);
    }

    /** A site that is indifferent to how clients come. */
    public SiteRules(
            Site site,
            FieldEdits request,
            FieldEdits response,
            Report report,
            @Nullable PurgeAccess purge,
            List<InvalidationRule> invalidations) {
        this(site, request, response, false, report, HttpsRule.NONE, purge, invalidations);
    }

    /** A site where nothing is purged but by operators, and by RFC 9111. */
    public SiteRules(Site site, FieldEdits request, FieldEdits response, Report report) {
        this(site, request, response, false, report, HttpsRule.NONE, null, List.of());
    }
}
