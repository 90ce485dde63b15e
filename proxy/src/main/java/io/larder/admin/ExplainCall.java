package io.larder.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.larder.http.Authority;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Sources;
import io.larder.http.Target;
import io.larder.whatif.Described;
import io.larder.whatif.Explanation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/explain}: the request that is described, and the answer. Shared with the command line. */
public final class ExplainCall {
    private static final Set<String> KNOWN =
            Set.of("url", "method", "headers", "listener", "client", "status", "response");
    private static final String LOOPBACK = "127.0.0.1";

    private ExplainCall() {}

    /**
     * The request that {@code json} describes.
     *
     * @throws IllegalArgumentException naming the key that is wrong and what it takes
     */
    public static Described parse(String json) {
        try {
            return parse(Json.read(Bytes.utf8(json)));
        } catch (Refused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Described parse(JsonNode call) throws Refused {
        if (!call.isObject()) {
            throw refused("the body must be a JSON object, such as {\"url\":\"https://shop.example/\"}");
        }
        for (Map.Entry<String, JsonNode> member : call.properties()) {
            if (!KNOWN.contains(member.getKey())) {
                throw refused("unknown key \"" + member.getKey()
                        + "\"; known are url, method, headers, listener, client, status, response");
            }
        }
        return new Described(request(call), text(call, "listener"), client(call), response(call));
    }

    private static Request request(JsonNode call) throws Refused {
        String method = text(call, "method");
        if (method != null && !Grammar.isToken(method)) {
            throw refused("\"method\" must be a method, such as GET");
        }
        Headers headers = headers(call, "headers");
        String host = headers.first(Fields.HOST);
        Target target = target(text(call, "url"), host == null ? null : authority(host));
        Headers rest = headers.without(Fields.CONTENT_LENGTH).without(Fields.TRANSFER_ENCODING);
        boolean chunked = headers.contains(Fields.TRANSFER_ENCODING);
        return new Request(method == null ? "GET" : method, target, rest, body(headers, chunked));
    }

    private static Target target(@Nullable String url, @Nullable Authority host) throws Refused {
        boolean plain = url != null && !url.isEmpty() && url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        if (url == null || !plain || url.startsWith("/")) {
            throw refused("\"url\" must be a URL as it goes over the wire, such as https://shop.example/cart?id=7");
        }
        try {
            String scheme = url.regionMatches(true, 0, "https:", 0, 6) ? "https" : "http";
            Target target = Target.parse("GET", url, scheme, Authority.NONE);
            return host == null ? target : new Target(scheme, host, target.path(), target.query());
        } catch (Malformed e) {
            throw refused("\"url\" is not understood: write http://host/path or https://host/path");
        }
    }

    private static Authority authority(String host) throws Refused {
        Authority authority = Authority.parse(host);
        if (authority == null) {
            throw refused("\"headers\": Host is not a host, such as shop.example or shop.example:8080");
        }
        return authority;
    }

    /** Content of which only the length is known. */
    private static Body body(Headers headers, boolean chunked) throws Refused {
        String length = headers.first(Fields.CONTENT_LENGTH);
        if (length != null && !length.matches("\\d{1,18}")) {
            throw refused("Content-Length must be a number");
        }
        long octets = chunked ? Body.UNKNOWN : length == null ? 0 : Long.parseLong(length);
        return octets == 0 ? Body.none() : new Body.Live(Sources.of(Bytes.EMPTY), octets);
    }

    private static InetAddress client(JsonNode call) throws Refused {
        String client = text(call, "client");
        String address = client == null ? LOOPBACK : client;
        // a name would be looked up
        if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw refused("\"client\" must be an IP address");
        }
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw refused("\"client\" must be an IP address");
        }
    }

    private static @Nullable Response response(JsonNode call) throws Refused {
        JsonNode status = call.get("status");
        if (status == null && !call.has("response")) {
            return null;
        }
        int code = status == null ? 200 : status.asInt(0);
        if (code < 200 || code > 599) {
            throw refused("\"status\" must be a final status, 200 to 599");
        }
        Headers headers = headers(call, "response");
        boolean chunked = headers.contains(Fields.TRANSFER_ENCODING);
        Headers rest = headers.without(Fields.CONTENT_LENGTH).without(Fields.TRANSFER_ENCODING);
        return Response.of(code, rest, body(headers, chunked));
    }

    private static Headers headers(JsonNode call, String key) throws Refused {
        JsonNode fields = call.get(key);
        if (fields == null || fields.isNull()) {
            return Headers.EMPTY;
        }
        if (!fields.isObject()) {
            throw refused("\"" + key + "\" must be an object of names and values, or lists of values");
        }
        HeadersBuilder headers = Headers.builder();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            Iterable<JsonNode> values = field.getValue().isArray() ? field.getValue() : Set.of(field.getValue());
            for (JsonNode value : values) {
                add(headers, key, field.getKey(), value);
            }
        }
        return headers.build();
    }

    private static void add(HeadersBuilder headers, String key, String name, JsonNode value) throws Refused {
        boolean valid = Grammar.isToken(name) && value.isTextual() && Grammar.isFieldValue(value.textValue());
        if (!valid) {
            throw refused(
                    "\"" + key + "\" must be an object of field names and values; this is none: \"" + name + "\"");
        }
        headers.add(name, value.textValue().strip());
    }

    private static @Nullable String text(JsonNode call, String key) throws Refused {
        JsonNode value = call.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw refused("\"" + key + "\" must be a string");
        }
        return value.textValue();
    }

    private static Refused refused(String detail) {
        return Refused.of(400, detail);
    }

    /** What {@code explanation} looks like in JSON: one line. */
    public static String json(Explanation explanation) {
        return Json.write(explanation).toUtf8();
    }

    /**
     * Reads what {@link #json} writes, also that of another version, as far as it says the same.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static Explanation read(String json) {
        try {
            return Json.explanation(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no explanation", e);
        }
    }
}
