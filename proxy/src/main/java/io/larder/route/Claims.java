package io.larder.route;

import io.larder.http.Authority;
import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import java.util.List;

/**
 * What a request says of itself that only a proxy in front of us may say. Origins make other pages of it for the same URL,
 * so that from anybody else it goes no further.
 */
public final class Claims {
    private static final FieldName FORWARDED = FieldName.of("X-Forwarded-");

    /** They put another URL in the place of the one that was asked for. */
    private static final FieldNames URLS = FieldNames.of(
            FieldName.of("X-Original-URL"),
            FieldName.of("X-Rewrite-URL"),
            FieldName.of("X-Original-Host"),
            FieldName.of("X-Host"));

    private static final FieldNames OTHERS =
            FieldNames.of(FieldName.of("X-Real-IP"), FieldName.of("Front-End-Https"), Fields.SURROGATE_CAPABILITY);

    private Claims() {}

    /** Whether line {@code i} is one. */
    public static boolean include(Headers headers, int i) {
        return headers.nameStartsWith(i, FORWARDED) || URLS.include(headers, i) || OTHERS.include(headers, i);
    }

    /** {@code headers} without those that put another URL in the place of the one that was asked for, as a whole or its host. */
    public static Headers withoutUrls(Headers headers) {
        return headers.without(URLS);
    }

    /** {@code headers} without all that begin with X-Forwarded. */
    static Headers withoutXForwarded(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.nameStartsWith(i, FORWARDED)) {
                HeadersBuilder others = Headers.builder();
                others.addKept(headers, line -> !headers.nameStartsWith(line, FORWARDED));
                return others.build();
            }
        }
        return headers;
    }

    /** Whether they make the URL another one than its key tells. */
    public static boolean changeTheUrl(Request request) {
        Headers headers = request.headers();
        if (URLS.includeAnyOf(headers)) {
            return true;
        }
        String host = headers.combined(Fields.X_FORWARDED_HOST);
        return (host != null && !isSame(host, request)) || forwardedElsewhere(request);
    }

    /** Whether Forwarded names another host, or may name one to somebody who reads it otherwise than we do. */
    private static boolean forwardedElsewhere(Request request) {
        if (!request.headers().contains(Fields.FORWARDED)) {
            return false;
        }
        List<ForwardedField.Element> hops = ForwardedField.of(request.headers());
        return hops == null
                || hops.stream()
                        .map(ForwardedField.Element::host)
                        .anyMatch(host -> host != null && !isSame(host, request));
    }

    private static boolean isSame(String host, Request request) {
        String scheme = request.target().scheme();
        Authority said = Authority.parse(host);
        return said != null
                && said.normalised(scheme).equals(request.target().authority().normalised(scheme));
    }
}
