package io.larder.policy;

import io.larder.http.Glob;
import java.util.List;

/** The query parameters that campaigns, mailings and advertising networks add to links, and no page depends on. */
public final class TrackingParameters {
    public static final List<Glob> KNOWN = List.of(
            new Glob("utm_*"),
            new Glob("fbclid"),
            new Glob("gclid"),
            new Glob("gclsrc"),
            new Glob("gbraid"),
            new Glob("wbraid"),
            new Glob("dclid"),
            new Glob("msclkid"),
            new Glob("twclid"),
            new Glob("ttclid"),
            new Glob("li_fat_id"),
            new Glob("yclid"),
            new Glob("igshid"),
            new Glob("mc_cid"),
            new Glob("mc_eid"),
            new Glob("_ga"),
            new Glob("_gl"),
            new Glob("_hsenc"),
            new Glob("_hsmi"),
            new Glob("mkt_tok"),
            new Glob("vero_id"),
            new Glob("srsltid"));

    private TrackingParameters() {}
}
