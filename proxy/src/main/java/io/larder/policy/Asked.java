package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request says in the fields that variants are told apart by: each read once, however many variants it is held
 * against. Confined to one selection.
 */
final class Asked {
    private final Headers request;
    private final Map<FieldName, String> lists = new HashMap<>(4);
    private @Nullable AcceptEncoding encodings;
    private @Nullable AcceptLanguage languages;
    private boolean encodingsRead;
    private boolean languagesRead;

    Asked(Headers request) {
        this.request = request;
    }

    Headers request() {
        return request;
    }

    /** Null where the field makes no sense. */
    @Nullable
    AcceptEncoding encodings() {
        if (!encodingsRead) {
            encodings = AcceptEncoding.parse(request.combined(Fields.ACCEPT_ENCODING));
            encodingsRead = true;
        }
        return encodings;
    }

    /** Null where the field is absent, or makes no sense. */
    @Nullable
    AcceptLanguage languages() {
        if (!languagesRead) {
            String value = request.combined(Fields.ACCEPT_LANGUAGE);
            languages = value == null ? null : AcceptLanguage.parse(value);
            languagesRead = true;
        }
        return languages;
    }

    /** The members of a list without the white space around them (RFC 9110 §5.6.1); null where the field is absent. */
    @Nullable
    String list(FieldName name) {
        if (!request.contains(name)) {
            return null;
        }
        return lists.computeIfAbsent(name, n -> String.join(",", FieldList.of(request, n)));
    }
}
