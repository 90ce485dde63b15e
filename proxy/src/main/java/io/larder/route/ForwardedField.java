package io.larder.route;

import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import io.larder.http.IpLiteral;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code Forwarded} field (RFC 7239 §4): what proxies say of the hops before them. */
final class ForwardedField {
    private final String text;
    private int at;

    private ForwardedField(String text) {
        this.text = text;
    }

    /**
     * One hop.
     *
     * @param node who made the request to the proxy that wrote this; null where it does not say
     * @param host that was asked for; null where it does not say
     * @param proto by which it was asked for, in lower case; null where it does not say
     */
    record Element(
            @Nullable String node,
            @Nullable String host,
            @Nullable String proto) {
        /** The octets of the node's address; none where it is hidden, unknown, or not said (RFC 7239 §6). */
        byte[] address() {
            return node == null ? IpLiteral.parse("") : IpLiteral.parse(name(node));
        }

        /** Without the port, and an IPv6 address without its brackets; empty where that is no node. */
        private static String name(String node) {
            boolean bracketed = node.startsWith("[");
            int end = bracketed ? node.indexOf(']') + 1 : node.indexOf(':') < 0 ? node.length() : node.indexOf(':');
            boolean good = end > 0 && (end == node.length() || isPort(node, end));
            if (!good) {
                return "";
            }
            String name = bracketed ? node.substring(1, end - 1) : node.substring(0, end);
            return bracketed == (name.indexOf(':') >= 0) ? name : "";
        }

        private static boolean isPort(String node, int colon) {
            String port = node.charAt(colon) == ':' ? node.substring(colon + 1) : "";
            boolean digits = !port.isEmpty() && port.chars().allMatch(c -> c >= '0' && c <= '9');
            return (digits && port.length() <= 5) || (port.length() > 1 && port.charAt(0) == '_');
        }
    }

    /** The hops, that of the client first; null where there is no such field, or it is none. */
    static @Nullable List<Element> of(Headers headers) {
        String value = headers.combined(Fields.FORWARDED);
        return value == null ? null : new ForwardedField(value).elements();
    }

    private @Nullable List<Element> elements() {
        List<Element> elements = new ArrayList<>();
        while (true) {
            skipBlanks();
            if (at == text.length()) {
                return elements.isEmpty() ? null : elements;
            }
            if (text.charAt(at) == ',') {
                at++; // an empty member of a list counts for nothing (RFC 9110 §5.6.1.2)
                continue;
            }
            Element element = element();
            if (element == null || !(at == text.length() || text.charAt(at) == ',')) {
                return null;
            }
            elements.add(element);
        }
    }

    private @Nullable Element element() {
        String node = null;
        String host = null;
        String proto = null;
        Set<String> names = HashSet.newHashSet(4);
        while (true) {
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ',') {
                String name = token().toLowerCase(Locale.ROOT);
                boolean once = !name.isEmpty() && names.add(name) && taken('=');
                String value = once ? value() : null;
                if (value == null) {
                    return null;
                }
                switch (name) {
                    case "for" -> node = value;
                    case "host" -> host = value;
                    case "proto" -> proto = value.toLowerCase(Locale.ROOT);
                    default -> {} // "by", and extensions
                }
                skipBlanks();
            }
            if (!taken(';')) {
                return new Element(node, host, proto);
            }
        }
    }

    private @Nullable String value() {
        if (!taken('"')) {
            String token = token();
            return token.isEmpty() ? null : token;
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                if (at == text.length()) {
                    return null;
                }
                c = text.charAt(at++);
            }
            value.append(c);
        }
        return null;
    }

    private String token() {
        int from = at;
        while (at < text.length() && Grammar.isToken(text.substring(at, at + 1))) {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean taken(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
