package io.larder.fragment;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the variables of nginx and of CGI (RFC 3875 §4.1), as SSI's pages name them, are called here: what {@link Variables} is
 * asked for. Capitals make no difference, except in the names of cookies and parameters.
 *
 * <table>
 * <caption>Names</caption>
 * <tr><th>in a page</th><th>name</th><th>key</th></tr>
 * <tr><td>{@code args}, {@code query_string}</td><td>{@code QUERY_STRING}</td><td>none</td></tr>
 * <tr><td>{@code arg_x}</td><td>{@code QUERY_STRING}</td><td>{@code x}</td></tr>
 * <tr><td>{@code cookie_x}</td><td>{@code HTTP_COOKIE}</td><td>{@code x}</td></tr>
 * <tr><td>{@code http_x}, as {@code http_user_agent}</td><td>{@code HTTP_X}</td><td>none</td></tr>
 * <tr><td>{@code host}, with its port as {@code http_host} has it</td><td>{@code HTTP_HOST}</td><td>none</td></tr>
 * <tr><td>{@code request_uri}, path and query as the client sent them</td><td>{@code REQUEST_URI}</td><td>none</td></tr>
 * <tr><td>{@code uri}, {@code document_uri}, the path decoded</td><td>{@code DOCUMENT_URI}</td><td>none</td></tr>
 * <tr><td>{@code scheme}</td><td>{@code REQUEST_SCHEME}</td><td>none</td></tr>
 * <tr><td>{@code date_local}, {@code date_gmt}</td><td>the same</td><td>the {@code timefmt} in force, for
 * {@link TimeFormat}</td></tr>
 * <tr><td>any other, as {@code remote_addr}, {@code request_method}</td><td>in capitals</td><td>none</td></tr>
 * </table>
 *
 * <p>Parameters and cookies are asked for as ESI asks for them ({@code $(QUERY_STRING{x})}, {@code $(HTTP_COOKIE{x})}), so that
 * whoever allows or forbids the one has done so with the other.
 */
final class SsiVariable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final String PARAMETER = "ARG_";
    private static final String COOKIE = "COOKIE_";

    private static final Map<String, String> OTHERS = Map.of(
            "ARGS", "QUERY_STRING",
            "HOST", "HTTP_HOST",
            "URI", "DOCUMENT_URI",
            "SCHEME", "REQUEST_SCHEME");

    private SsiVariable() {}

    /**
     * The variable that a page calls {@code name}.
     *
     * @param timeFormat in force where the page names it
     * @return empty where this is no name
     */
    static Optional<Variable> of(String name, String timeFormat) {
        return NAME.matcher(name).matches() ? Optional.of(known(name, timeFormat)) : Optional.empty();
    }

    private static Variable known(String name, String timeFormat) {
        String capitals = name.toUpperCase(Locale.ROOT);
        if (isOf(PARAMETER, capitals)) {
            return new Variable("QUERY_STRING", name.substring(PARAMETER.length()), null);
        }
        if (isOf(COOKIE, capitals)) {
            return new Variable("HTTP_COOKIE", name.substring(COOKIE.length()), null);
        }
        if (capitals.equals("DATE_LOCAL") || capitals.equals("DATE_GMT")) {
            return new Variable(capitals, timeFormat, null);
        }
        return new Variable(OTHERS.getOrDefault(capitals, capitals), null, null);
    }

    private static boolean isOf(String prefix, String capitals) {
        return capitals.startsWith(prefix) && capitals.length() > prefix.length();
    }
}
