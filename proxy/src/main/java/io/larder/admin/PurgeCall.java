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
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/purge}: read strictly, so that a misspelt key never purges too little. */
final class PurgeCall {
    private static final Set<String> KNOWN =
            Set.of("urls", "tags", "prefixes", "matches", "hosts", "host", "all", "soft", "dry-run", "wait");
    private static final int LONGEST = 1_024; // of a tag, and of a pattern
    private static final Pattern WAIT = Pattern.compile("\\d{1,6}(ms|s|m)");
    private static final String URL_FORMS = "a URL is absolute (http://host/path or https://host/path),"
            + " or a path beginning with / together with \"host\"";

    private static final String MATCH_FORMS = "a pattern is a host and what follows it, * for any run of characters,"
            + " such as \"shop.example/products/*\" or \"*/logo.png\", or a path together with \"host\"";

    private PurgeCall() {}

    /** @throws Refused 400 naming the key that is wrong and what it takes */
    static PurgeOrder parse(JsonNode call) throws Refused {
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
        return new PurgeOrder(what, bool(call, "soft"), bool(call, "dry-run"));
    }

    private static void checkKeys(JsonNode call) throws Refused {
        for (Map.Entry<String, JsonNode> member : call.properties()) {
            if (!KNOWN.contains(member.getKey())) {
                throw refused("unknown key " + shown(member.getKey()) + "; known are urls, tags, prefixes, matches,"
                        + " hosts, host, all, soft, dry-run, wait");
            }
        }
        // One node: whoever waits has waited when the answer comes.
        JsonNode wait = call.get("wait");
        if (wait != null && !(wait.isTextual() && WAIT.matcher(wait.textValue()).matches())) {
            throw refused("\"wait\" must be a duration such as \"5s\"");
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
        members.put("position", report.position());
        members.put("matched", report.matched());
        members.put("nodes", nodes);
        members.put("took-ms", millis(report.took()));
        if (report.dryRun()) {
            members.put("dry-run", true);
        }
        return members;
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / 1e4) / 100.0;
    }
}
