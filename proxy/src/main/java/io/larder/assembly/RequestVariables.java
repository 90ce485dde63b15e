package io.larder.assembly;

import io.larder.fragment.TimeFormat;
import io.larder.fragment.Variables;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.FormQuery;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.Cookies;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a page may know of the request that it answers, and what of it the page looked at (ESI 1.0 §5, Table 3). A variable that
 * the gateway does not know is empty.
 *
 * <p>Beyond those: {@code REQUEST_PATH}, {@code REQUEST_METHOD}, and what pages with Server Side Includes ask for
 * ({@code REQUEST_URI}, {@code REQUEST_SCHEME}, {@code DOCUMENT_URI}, {@code REMOTE_ADDR}, {@code DATE_GMT}, {@code DATE_LOCAL}).
 *
 * <p>What a browser says it is is told from its {@code User-Agent} roughly: {@code browser} is {@code MOZILLA}, {@code MSIE} or
 * {@code OTHER}, {@code os} is {@code WIN}, {@code MAC}, {@code UNIX} or {@code OTHER}, {@code version} the first number that
 * follows a slash. Confined to one page.
 */
final class RequestVariables implements Variables {
    /** The request fields that variables show, but for those that are part of the key of every page. */
    private static final Map<String, FieldName> FIELDS = Map.of(
            "HTTP_COOKIE", Fields.COOKIE,
            "HTTP_ACCEPT_LANGUAGE", Fields.ACCEPT_LANGUAGE,
            "HTTP_REFERER", Fields.REFERER,
            "HTTP_USER_AGENT", Fields.USER_AGENT);

    private static final Pattern REFUSED = Pattern.compile(";\\s*q\\s*=\\s*0(?:\\.0*)?\\s*");

    private final Request request;
    private final String address;
    private final Instant now;
    private final boolean cookies;
    private final Supplier<String> token;
    private final Set<String> seen = new LinkedHashSet<>();
    private boolean personal;
    private String shownToken = "";

    /**
     * @param request as the client sent it
     * @param address of the client
     * @param now for pages that show the time, in UTC
     * @param cookies whether the page may read them
     * @param token gives one for the visitor's forms
     */
    RequestVariables(Request request, String address, Instant now, boolean cookies, Supplier<String> token) {
        this.request = request;
        this.address = address;
        this.now = now;
        this.cookies = cookies;
        this.token = token;
    }

    /** Whether the page has looked at something that tells this visitor from others. */
    boolean arePersonal() {
        return personal;
    }

    /** The names of the request fields that the page has looked at so far. */
    Set<String> seen() {
        return seen;
    }

    @Override
    public String value(String name, @Nullable String key) {
        if (name.equals(Compiled.TOKEN.name())) {
            return token();
        }
        FieldName field = FIELDS.get(name);
        if (field == null) {
            return ofTarget(name, key);
        }
        if (field.equals(Fields.COOKIE) && !cookies) {
            return "";
        }
        seen.add(field.toString());
        personal |= field.equals(Fields.COOKIE);
        String value = request.headers().combined(field);
        return value == null ? "" : ofField(name, value, key);
    }

    private String token() {
        if (shownToken.isEmpty()) {
            shownToken = token.get();
        }
        return shownToken;
    }

    private String ofTarget(String name, @Nullable String key) {
        Target target = request.target();
        return switch (name) {
            case "HTTP_HOST" -> target.authority().toString();
            case "QUERY_STRING" -> key == null ? (target.query() == null ? "" : target.query()) : parameter(key);
            case "REQUEST_PATH" -> target.path();
            case "REQUEST_URI" -> target.pathAndQuery();
            case "REQUEST_SCHEME" -> target.scheme();
            case "DOCUMENT_URI" -> FormQuery.decoded(target.path().replace("+", "%2B"));
            case "DATE_GMT", "DATE_LOCAL" ->
                TimeFormat.format(key == null ? TimeFormat.DEFAULT : key, now.atZone(ZoneOffset.UTC));
            case "REMOTE_ADDR" -> {
                personal = true;
                yield address;
            }
            case "REQUEST_METHOD" -> request.method();
            default -> "";
        };
    }

    private String ofField(String name, String value, @Nullable String key) {
        if (key == null) {
            return value;
        }
        return switch (name) {
            case "HTTP_COOKIE" -> cookie(request.headers(), key);
            case "HTTP_ACCEPT_LANGUAGE" -> Boolean.toString(accepts(value, key));
            case "HTTP_USER_AGENT" -> agent(value, key);
            default -> "";
        };
    }

    private String parameter(String key) {
        for (FormQuery.Pair pair : FormQuery.parse(request.target().query())) {
            if (pair.name().equals(key)) {
                return pair.value();
            }
        }
        return "";
    }

    private static String cookie(Headers headers, String name) {
        String value = Cookies.value(headers, name);
        return value == null ? "" : value;
    }

    /** Whether {@code language} is on the list, itself or a kind of it (RFC 4647 §3.3.1), and not refused. */
    private static boolean accepts(String list, String language) {
        String wanted = language.toLowerCase(Locale.ROOT);
        for (String member : list.toLowerCase(Locale.ROOT).split(",", -1)) {
            int end = member.indexOf(';');
            String range = (end < 0 ? member : member.substring(0, end)).strip();
            boolean refused = end >= 0
                    && REFUSED.matcher(member).region(end, member.length()).matches();
            if (!refused && (range.equals(wanted) || range.startsWith(wanted + "-"))) {
                return true;
            }
        }
        return false;
    }

    private static String agent(String value, String key) {
        return switch (key) {
            case "browser" ->
                value.contains("MSIE") || value.contains("Trident/")
                        ? "MSIE"
                        : value.startsWith("Mozilla/") ? "MOZILLA" : "OTHER";
            case "os" -> system(value);
            case "version" -> version(value);
            default -> "";
        };
    }

    private static String system(String value) {
        if (value.contains("Windows")) {
            return "WIN";
        }
        if (value.contains("Mac OS") || value.contains("Macintosh")) {
            return "MAC";
        }
        return value.contains("Linux") || value.contains("X11") || value.contains("Unix") ? "UNIX" : "OTHER";
    }

    private static String version(String value) {
        int start = value.indexOf('/') + 1;
        int end = start;
        while (end < value.length() && (Character.isDigit(value.charAt(end)) || value.charAt(end) == '.')) {
            end++;
        }
        return start == 0 ? "" : value.substring(start, end);
    }
}
