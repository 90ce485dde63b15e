package io.larder.gateway;

import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import io.larder.policy.SurrogateFields;

/** The fields in which a response says what the cache did: {@code Age}, {@code Cache-Status}, {@code X-Cache}. */
final class CacheFields {
    private static final int HIT_OCTETS = 96; // that an ordinary hit takes: nearly every response has these three lines
    private static final int HIT_LINES = 3;

    private final Report report;

    CacheFields(Report report) {
        this.report = report;
    }

    /**
     * Of a response that came from the store.
     *
     * @param age in seconds
     * @param status the value of {@code Cache-Status}
     * @param word the value of {@code X-Cache}
     */
    Headers of(Quest quest, long age, String status, String word) {
        HeadersBuilder fields = Headers.builder().add(Fields.AGE, Long.toString(age));
        describe(fields, quest, status, word);
        return fields.build();
    }

    /**
     * Of a response that came from the store without asking anybody; see {@link #of(Quest, long, String, String)}.
     *
     * @param ttl in seconds
     */
    Headers ofHit(Quest quest, long age, Reason reason, long ttl, String word) {
        if (reason != Reason.FRESH || report.cacheStatus() != Report.Detail.ON) {
            return of(quest, age, CacheStatus.hit(reason, ttl), word);
        }
        HeadersBuilder fields = Headers.EMPTY
                .builderFor(HIT_OCTETS, HIT_LINES)
                .add(Fields.AGE, "", age)
                .add(Fields.CACHE_STATUS, CacheStatus.HIT, ttl);
        return (report.xCache() ? fields.add(Fields.X_CACHE, word) : fields).build();
    }

    /** Of a response that the origin sent; see {@link #of(Quest, long, String, String)}. */
    Headers of(Quest quest, String status, String word) {
        HeadersBuilder fields = Headers.builder();
        describe(fields, quest, status, word);
        return fields.build();
    }

    /** Of a response that passed by the cache. */
    Headers ofBypass(String status) {
        HeadersBuilder fields = Headers.builder();
        if (report.cacheStatus() != Report.Detail.OFF) {
            fields.add(Fields.CACHE_STATUS, status);
        }
        if (report.xCache()) {
            fields.add(Fields.X_CACHE, "BYPASS");
        }
        return fields.build();
    }

    /** The origin's fields as a client may see them. */
    Headers seen(Headers response) {
        return report.surrogateFields() ? response : SurrogateFields.without(response);
    }

    /** {@code own} fields of a delivery with those of {@code stored} that are stored apart, where clients may see them. */
    Headers withSurrogate(Headers own, Stored stored) {
        Headers surrogate = stored.head().surrogate();
        return report.surrogateFields() && !surrogate.isEmpty()
                ? own.toBuilder().addAll(surrogate).build()
                : own;
    }

    private void describe(HeadersBuilder fields, Quest quest, String status, String word) {
        switch (report.cacheStatus()) {
            case ON -> fields.add(Fields.CACHE_STATUS, status);
            case DEBUG -> {
                String key = quoted(quest.key().toString());
                String route = quoted(quest.exchange().journal().route());
                fields.add(Fields.CACHE_STATUS, status + "; key=" + key + "; route=" + route);
            }
            case OFF -> {}
        }
        if (report.xCache()) {
            fields.add(Fields.X_CACHE, word);
        }
    }

    /** A structured-field string (RFC 9651 §3.3.3): of what is not ASCII, only that it was there. */
    private static String quoted(String text) {
        String ascii = text.replaceAll("[^ -~]", "?");
        return '"' + ascii.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
