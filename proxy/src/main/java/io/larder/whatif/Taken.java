package io.larder.whatif;

import io.larder.http.Request;
import io.larder.route.Route;
import io.larder.route.Site;

/**
 * A request that a route takes.
 *
 * @param request as it counts
 * @param keyed false where the origin may come to see another URL than a key of it would tell
 */
record Taken(Site site, Route route, Request request, boolean keyed) {}
