package io.larder.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.http.Malformed;
import io.larder.http.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/purge}: read strictly, so that a misspelt key never purges too little. */
final class PurgeCall {
    private static final List<String> KNOWN = List.of(
            "urls",
            "tags",
            "prefixes",
            "matches",
            "hosts",
            "host",
            "all",
            "soft",
            "spread",
            "origin-rps",
            "dry-run",
            "wait");
    private static final int LONGEST = 1_024; // of a tag, and of a pattern
    private static final String URL_FORMS = "a URL is absolute (http://host/path or https://host/path),"
            + " or a path beginning with / together with \"host\"";

    private static final String MATCH_FORMS = "a pattern is a host and what follows it, * for any run of characters,"
            + " such as \"shop.example/products/*\" or \"*/logo.png\", or a path together with \"host\"";

    private PurgeCall() {}

    /**
     * The order that {@code call} is.
     *
     * @param durations reads what is written such as {@code 5s}; null when it is none
     * @throws Refused 400 naming the key that is wrong and what it takes
     */
    static PurgeOrder parse(JsonNode call, Function<String, @Nullable Duration> durations) throws Refused {
        if (!call.isObject()) {
            throw refused("the body must be a JSON object, such as {\"urls\":[\"https://shop.example/\"]}");
        }
        checkKeys(call);
        Authority host = host(call.get("host"));
        PurgeOrder.What what = new PurgeOrder.What(
                targets(call, "urls", host),
                tags(call),
                targets(call, "prefixes", host),
                matches(call, host),
                authorities(call),
                bool(call, "all"));
        if (what.isEmpty()) {
            throw refused("nothing to purge: give urls, tags, prefixes, matches, hosts, or all");
        }
        boolean soft = bool(call, "soft");
        PurgeOrder.Pace pace = pace(call, durations);
        if (pace != null && !soft) {
            throw refused(
                    "\"spread\" and \"origin-rps\" are for purges with \"soft\":true: what is removed is removed at once");
        }
        return new PurgeOrder(what, soft, pace, bool(call, "dry-run"), patience(call, durations));
    }

    private static void checkKeys(JsonNode call) throws Refused {
        for (Map.Entry<String, JsonNode> member : call.properties()) {
            if (!KNOWN.contains(member.getKey())) {
                throw refused("unknown key " + shown(member.getKey()) + "; known are " + String.join(", ", KNOWN));
            }
        }
    }

    private static PurgeOrder.@Nullable Pace pace(JsonNode call, Function<String, @Nullable Duration> durations)
            throws Refused {
        JsonNode spread = call.path("spread");
        JsonNode rate = call.path("origin-rps");
        if (spread.isMissingNode() && rate.isMissingNode()) {
            return null;
        }
        if (!spread.isMissingNode() && !rate.isMissingNode()) {
            throw refused("\"spread\" and \"origin-rps\" say the same in two ways: give one of them");
        }
        return spread.isMissingNode() ? perSecond(rate) : over(spread, durations);
    }

    private static PurgeOrder.Pace over(JsonNode spread, Function<String, @Nullable Duration> durations)
            throws Refused {
        Duration time = spread.isTextual() ? duration(spread.textValue(), durations) : null;
        if (time == null || time.compareTo(PurgeOrder.LONGEST_SPREAD) > 0) {
            throw refused("\"spread\" must be a duration such as \"60s\", and at most \"24h\"");
        }
        return new PurgeOrder.Pace.Over(time);
    }

    private static PurgeOrder.Pace perSecond(JsonNode rate) throws Refused {
        if (!rate.isInt() || rate.intValue() < 1 || rate.intValue() > PurgeOrder.FASTEST) {
            throw refused("\"origin-rps\" must be a whole number of requests a second, such as 50");
        }
        return new PurgeOrder.Pace.PerSecond(rate.intValue());
    }

    private static Duration patience(JsonNode call, Function<String, @Nullable Duration> durations) throws Refused {
        JsonNode value = call.get("wait");
        if (value == null || value.isNull()) {
            return PurgeOrder.USUAL_PATIENCE;
        }
        Duration patience = value.isTextual() ? duration(value.textValue(), durations) : null;
        if (patience == null || patience.compareTo(PurgeOrder.LONGEST_PATIENCE) > 0) {
            throw refused("\"wait\" must be a duration such as \"5s\", and at most \"10m\"");
        }
        return patience;
    }

    private static @Nullable Duration duration(String text, Function<String, @Nullable Duration> durations) {
        try {
            return durations.apply(text);
        } catch (IllegalArgumentException tooLong) {
            return null;
        }
    }

    private static List<String> tags(JsonNode call) throws Refused {
        List<String> tags = new ArrayList<>();
        for (JsonNode value : list(call, "tags")) {
            String text = value.isTextual() ? value.textValue() : "";
            // in a field, a tag is a run of octets
            String tag = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            if (!isTag(text) || tag.length() > LONGEST) {
                throw refused("\"tags\": " + shown(value) + " is not a tag, such as \"product-7\": a text of up to "
                        + LONGEST + " octets without control characters");
            }
            tags.add(tag);
        }
        return tags;
    }

    private static boolean isTag(String text) {
        return !text.isBlank() && text.equals(text.strip()) && text.chars().noneMatch(Character::isISOControl);
    }

    private static List<Glob> matches(JsonNode call, @Nullable Authority host) throws Refused {
        List<Glob> matches = new ArrayList<>();
        for (JsonNode value : list(call, "matches")) {
            String text = value.isTextual() ? value.textValue() : "";
            boolean visible = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (text.isEmpty() || text.length() > LONGEST || !visible) {
                throw refused("\"matches\": " + shown(value) + " is not a pattern; " + MATCH_FORMS);
            }
            matches.add(match(text, host));
        }
        return matches;
    }

    private static Glob match(String text, @Nullable Authority host) throws Refused {
        String bare = text.replaceFirst("^(?i)https?://", "");
        if (bare.startsWith("/") && host == null) {
            throw refused("\"matches\": " + shown(text) + " names no host; " + MATCH_FORMS);
        }
        int slash = bare.indexOf('/');
        String authority = slash < 0 ? "" : bare.substring(0, slash).toLowerCase(Locale.ROOT);
        String rest = slash < 0 ? bare : bare.substring(slash);
        return Glob.of((slash == 0 ? String.valueOf(host) : authority) + rest);
    }

    private static @Nullable Authority host(@Nullable JsonNode value) throws Refused {
        return value == null || value.isNull() ? null : authority("host", value);
    }

    private static List<Authority> authorities(JsonNode call) throws Refused {
        List<Authority> hosts = new ArrayList<>();
        for (JsonNode value : list(call, "hosts")) {
            hosts.add(authority("hosts", value));
        }
        return hosts;
    }

    private static Authority authority(String key, JsonNode value) throws Refused {
        Authority authority = value.isTextual() ? Authority.parse(value.textValue()) : null;
        if (authority == null) {
            throw refused(
                    "\"" + key + "\": " + shown(value) + " is not a host, such as shop.example or shop.example:8080");
        }
        return authority;
    }

    private static List<Target> targets(JsonNode call, String key, @Nullable Authority host) throws Refused {
        List<Target> targets = new ArrayList<>();
        for (JsonNode value : list(call, key)) {
            targets.add(target(key, value, host));
        }
        return targets;
    }

    private static Target target(String key, JsonNode value, @Nullable Authority host) throws Refused {
        String url = value.isTextual() ? value.textValue() : "";
        if (url.isEmpty() || !url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
            throw refused("\"" + key + "\": " + shown(value) + " is not a URL as it goes over the wire; " + URL_FORMS);
        }
        if (url.startsWith("/") && host == null) {
            throw refused("\"" + key + "\": " + shown(value) + " names no host; " + URL_FORMS);
        }
        try {
            String scheme = url.regionMatches(true, 0, "https:", 0, 6) ? "https" : "http";
            Target target = Target.parse("GET", url, scheme, host == null ? Authority.NONE : host);
            return new Target(scheme, target.authority().normalised(scheme), target.path(), target.query());
        } catch (Malformed e) {
            throw refused("\"" + key + "\": " + shown(value) + " is not understood; " + URL_FORMS);
        }
    }

    private static List<JsonNode> list(JsonNode call, String key) throws Refused {
        JsonNode value = call.get(key);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw refused("\"" + key + "\" must be a list of strings");
        }
        List<JsonNode> items = new ArrayList<>();
        value.forEach(items::add);
        return items;
    }

    private static boolean bool(JsonNode call, String key) throws Refused {
        JsonNode value = call.get(key);
        if (value != null && !value.isNull() && !value.isBoolean()) {
            throw refused("\"" + key + "\" must be true or false");
        }
        return value != null && value.booleanValue();
    }

    private static String shown(Object value) {
        String text = value instanceof String key ? "\"" + key + "\"" : value.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private static Refused refused(String detail) {
        return Refused.of(400, detail);
    }

    /** What {@code report} looks like in JSON. */
    static Map<String, Object> json(PurgeReport report) {
        Map<String, Double> acked = new TreeMap<>();
        report.acked().forEach((node, took) -> acked.put(node, millis(took)));
        Map<String, Object> nodes = new LinkedHashMap<>();
        nodes.put("acked", acked);
        nodes.put("missing", report.missing());
        Map<String, Object> members = new LinkedHashMap<>();
        if (report.position() != null) {
            members.put("position", report.position());
        }
        members.put("matched", report.matched());
        if (!report.counted()) {
            members.put("counting", true);
        }
        members.put("nodes", nodes);
        members.put("took-ms", millis(report.took()));
        if (report.reason() != null) {
            members.put("reason", report.reason());
        }
        if (report.dryRun()) {
            members.put("dry-run", true);
        }
        return members;
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / 1e4) / 100.0;
    }
}
