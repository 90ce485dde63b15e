package io.larder.gateway;

import io.larder.route.Site;

/**
 * A site and what it wants done to every message.
 *
 * @param request edits of the request that an origin gets
 * @param response edits of every response, our own errors included
 */
public record SiteRules(Site site, FieldEdits request, FieldEdits response, Report report) {}
