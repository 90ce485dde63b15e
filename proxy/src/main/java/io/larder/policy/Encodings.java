package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.EntityTag;
import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.TokenList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In which forms a response is stored, and which of them a client gets (RFC 9110 §12.5.3). */
public final class Encodings {
    /** Smaller bodies gain nothing that the fields would not take again, in bytes. */
    private static final long SMALLEST = 1024;

    /** How much of the body must be gone for the gzipped form to be worth its room: a tenth. */
    private static final double WORTH = 0.9;

    private static final Set<String> TYPES = Set.of(
            "application/atom+xml",
            "application/geo+json",
            "application/javascript",
            "application/json",
            "application/ld+json",
            "application/manifest+json",
            "application/rss+xml",
            "application/vnd.api+json",
            "application/wasm",
            "application/x-javascript",
            "application/xhtml+xml",
            "application/xml",
            "font/otf",
            "font/ttf",
            "image/bmp",
            "image/svg+xml",
            "image/x-icon",
            "text/calendar",
            "text/css",
            "text/csv",
            "text/html",
            "text/javascript",
            "text/markdown",
            "text/plain",
            "text/vtt",
            "text/x-component",
            "text/xml");

    /** They describe the octets that are sent, or those of the origin's form. */
    private static final List<FieldName> OF_THE_FORM = List.of(
            Fields.ETAG,
            Fields.CONTENT_ENCODING,
            FieldName.of("Content-MD5"),
            FieldName.of("Digest"),
            FieldName.of("Content-Digest"),
            FieldName.of("Repr-Digest"));

    private static final String CHOSEN_BY = "Accept-Encoding";

    private Encodings() {}

    /**
     * {@code added}, which goes with a response that has the fields {@code headers}, with what tells other caches that
     * there is another form of it (RFC 9110 §12.5.5).
     */
    public static Headers declaring(Headers headers, Headers added) {
        return isDeclared(headers) ? added : added.with(Fields.VARY, CHOSEN_BY);
    }

    /** Whether a response with this status and these fields is stored gzipped as well, if its body is worth it. */
    public static boolean isCompressible(CacheRules rules, int status, Headers headers) {
        return rules.storing().compress() && isCompressible(status, headers);
    }

    private static boolean isCompressible(int status, Headers headers) {
        return status == 200
                && !headers.contains(Fields.CONTENT_ENCODING)
                && !headers.contains(Fields.CONTENT_RANGE)
                && isWorthCompressing(headers);
    }

    /** Whether what a response with these fields brings gets smaller in gzip, and may be sent so. */
    public static boolean isWorthCompressing(Headers headers) {
        return TYPES.contains(MediaType.of(headers).name()) && !Governing.forbidsTransforming(headers);
    }

    /** Whether a body of {@code length} bytes is long enough to be gzipped. */
    public static boolean isLongEnough(long length) {
        return length >= SMALLEST;
    }

    /** {@code stored} with {@code gzipped} beside its body, where it may have that and is clearly the smaller for it. */
    public static Stored with(Stored stored, @Nullable Bytes gzipped) {
        if (gzipped == null
                || !isCompressible(stored.status(), stored.headers())
                || gzipped.length() > WORTH * stored.body().length()) {
            return stored;
        }
        Stored.Head head = stored.head().withHeaders(gzipped(stored.headers()));
        return new Stored(stored.head(), stored.body(), new Stored(head, gzipped));
    }

    /** Two forms are not the same octets, so that no strong tag may stand for both (RFC 9110 §8.8.1). */
    private static Headers gzipped(Headers headers) {
        HeadersBuilder form = Headers.builder()
                .addAll(headers.keeping(i -> OF_THE_FORM.stream().noneMatch(name -> headers.is(i, name))));
        String tag = headers.first(Fields.ETAG);
        if (tag != null) {
            form.add(Fields.ETAG, EntityTag.isWeak(tag) ? tag : "W/" + tag);
        }
        form.add(Fields.CONTENT_ENCODING, "gzip");
        return (isDeclared(headers) ? form : form.add(Fields.VARY, CHOSEN_BY)).build();
    }

    /** The form of {@code stored} that a client with these request fields gets. */
    public static Stored form(Headers request, Stored stored) {
        Stored gzipped = stored.gzipped();
        return gzipped != null && prefersGzip(request) ? gzipped : stored;
    }

    /** Whether a client takes gzip at least as gladly as the origin's own form. */
    public static boolean prefersGzip(Headers request) {
        int line = request.indexOf(Fields.ACCEPT_ENCODING, 0);
        if (line < 0) {
            return false;
        }
        // as browsers write it: a list without weights, for which no objects are made
        boolean plain = request.indexOf(Fields.ACCEPT_ENCODING, line + 1) < 0 && !request.valueHas(line, ';');
        return plain
                ? TokenList.contains(request, Fields.ACCEPT_ENCODING, "gzip")
                        || TokenList.contains(request, Fields.ACCEPT_ENCODING, "x-gzip")
                        || TokenList.contains(request, Fields.ACCEPT_ENCODING, "*")
                : weighsGzip(request);
    }

    private static boolean weighsGzip(Headers request) {
        double gzip = -1;
        double identity = -1;
        double others = -1;
        for (String member : FieldList.of(request, Fields.ACCEPT_ENCODING)) {
            int end = member.indexOf(';');
            String coding =
                    (end < 0 ? member : member.substring(0, end)).strip().toLowerCase(Locale.ROOT);
            double quality = end < 0 ? 1 : quality(member.substring(end + 1));
            switch (coding) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
                case "identity" -> identity = quality;
                case "*" -> others = quality;
                default -> {}
            }
        }
        double wanted = gzip < 0 ? others : gzip;
        return wanted > 0 && wanted >= identity;
    }

    /** What {@code q=} says (RFC 9110 §12.4.2); 0 where that is no weight: whoever writes it takes nothing he did not ask for. */
    private static double quality(String parameter) {
        String text = parameter.strip();
        if (!text.regionMatches(true, 0, "q=", 0, 2)) {
            return 1;
        }
        String weight = text.substring(2).strip();
        return weight.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(weight) : 0;
    }

    private static boolean isDeclared(Headers headers) {
        return TokenList.contains(headers, Fields.VARY, CHOSEN_BY) || TokenList.contains(headers, Fields.VARY, "*");
    }
}
