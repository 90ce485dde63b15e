package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HttpDate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which fields of a response are stored (RFC 9111 §3.1) and which of a 304, or of the answer to a HEAD, replace them (§3.2). */
final class StoredFields {
    private static final List<FieldName> NEVER = List.of(
            Fields.CONNECTION,
            Fields.KEEP_ALIVE,
            Fields.PROXY_CONNECTION,
            Fields.TE,
            Fields.TRAILER,
            Fields.TRANSFER_ENCODING,
            Fields.UPGRADE,
            Fields.PROXY_AUTHENTICATE,
            Fields.PROXY_AUTHENTICATION_INFO,
            Fields.PROXY_AUTHORIZATION,
            Fields.CONTENT_LENGTH, // the body knows its length
            Fields.AGE); // each delivery says its own

    /** They describe the stored octets, which a 304 does not bring (RFC 9111 §3.2). */
    private static final List<FieldName> OF_THE_BODY = List.of(Fields.CONTENT_ENCODING, Fields.CONTENT_RANGE);

    private static final FieldNames NEVER_STORED = FieldNames.of(NEVER);

    private StoredFields() {}

    /** Whether none of {@code headers} is for one connection, or one delivery, only. */
    static boolean areStorable(Headers headers) {
        return !NEVER_STORED.includeAnyOf(headers);
    }

    /**
     * The fields of a response that are stored and sent: end-to-end ones, and the date it was received where it has none.
     *
     * @param withheld the names of those that are not, though others would be
     */
    static Headers of(Headers response, List<FieldName> withheld, Instant receivedAt) {
        List<FieldName> left = leftOut(response);
        left.addAll(withheld);
        HeadersBuilder kept = Headers.builder();
        addAllBut(kept, SurrogateFields.without(response), left);
        if (!response.contains(Fields.DATE)) {
            kept.add(Fields.DATE, HttpDate.format(receivedAt)); // RFC 9110 §6.6.1
        }
        return kept.build();
    }

    /** {@code stored} with every field that {@code update} brings: old values replaced, the others as they were. */
    static Headers merged(Headers stored, Headers update, Instant receivedAt) {
        List<FieldName> left = leftOut(update);
        left.addAll(OF_THE_BODY);
        List<FieldName> replaced = new ArrayList<>();
        replaced.add(Fields.DATE);
        for (int i = 0; i < update.size(); i++) {
            if (!isAmong(left, update, i)) {
                replaced.add(FieldName.of(update.name(i)));
            }
        }
        HeadersBuilder all = Headers.builder();
        addAllBut(all, stored, replaced);
        addAllBut(all, update, left);
        if (!update.contains(Fields.DATE)) {
            all.add(Fields.DATE, HttpDate.format(receivedAt));
        }
        // counted in the age of the updated response, then dropped like every Age
        for (String age : update.all(Fields.AGE)) {
            all.add(Fields.AGE, age);
        }
        return all.build();
    }

    /** All fields of {@code newer}, and those of {@code older} that it does not have (RFC 9111 §3.4). */
    static Headers united(Headers older, Headers newer) {
        return newer.toBuilder()
                .addAll(older.keeping(i -> !newer.contains(FieldName.of(older.name(i)))))
                .build();
    }

    private static List<FieldName> leftOut(Headers message) {
        List<FieldName> left = new ArrayList<>(NEVER);
        for (String nominated : FieldList.of(message, Fields.CONNECTION)) {
            if (Grammar.isToken(nominated)) {
                left.add(FieldName.of(nominated)); // RFC 9110 §7.6.1
            }
        }
        return left;
    }

    private static void addAllBut(HeadersBuilder to, Headers from, List<FieldName> left) {
        for (int i = 0; i < from.size(); i++) {
            if (!isAmong(left, from, i)) {
                to.add(from, i);
            }
        }
    }

    private static boolean isAmong(List<FieldName> names, Headers headers, int line) {
        for (FieldName name : names) {
            if (headers.is(line, name)) {
                return true;
            }
        }
        return false;
    }
}
