package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * One field of a {@link VaryKey}, taken apart so that it can be written down: {@link VaryKey#of(CacheRules.Negotiation,
 * java.util.List)} puts the key together again.
 *
 * @param octets what the request said by the field; null where it was absent
 * @param beside what was noted with that, as {@code kind} says; null for nothing
 */
public record VaryTerm(
        Kind kind,
        FieldName name,
        @Nullable String octets,
        @Nullable String beside) {

    /** How the value of a field is compared. */
    public enum Kind {
        /** Octet by octet. Nothing stands beside them. */
        OCTETS,
        /** As a list; beside it stand its members without the white space. */
        LIST,
        /** As {@code Accept-Encoding}; beside it stands the coding that the response came in, where it is one we know. */
        ENCODINGS,
        /** As {@code Accept-Language}; beside it stands the language that the response is in, where that counts. */
        LANGUAGES
    }

    static VaryTerm of(Selecting field) {
        return switch (field) {
            case Selecting.Opaque plain -> new VaryTerm(Kind.OCTETS, plain.name(), plain.octets(), null);
            case Selecting.Listed list -> new VaryTerm(Kind.LIST, list.name(), list.octets(), list.meaning());
            case Selecting.Encodings of ->
                new VaryTerm(Kind.ENCODINGS, of.name(), of.octets(), AcceptEncoding.name(of.coding()));
            case Selecting.Languages of -> new VaryTerm(Kind.LANGUAGES, of.name(), of.octets(), of.language());
        };
    }

    /** The field put together again; null where no field of a key is like that. */
    @Nullable
    Selecting selecting() {
        return switch (kind) {
            case OCTETS -> beside == null ? new Selecting.Opaque(name, octets) : null;
            case LIST -> list();
            case ENCODINGS -> encodings();
            case LANGUAGES -> languages();
        };
    }

    private @Nullable Selecting list() {
        boolean sound = (octets == null) == (beside == null) && !Selecting.isCredential(name);
        return sound ? new Selecting.Listed(name, octets, beside) : null;
    }

    private @Nullable Selecting encodings() {
        AcceptEncoding taken = name.equals(Fields.ACCEPT_ENCODING) ? AcceptEncoding.parse(octets) : null;
        int coding = beside == null ? AcceptEncoding.UNKNOWN : AcceptEncoding.coding(beside);
        return taken == null ? null : new Selecting.Encodings(octets, taken, coding);
    }

    private @Nullable Selecting languages() {
        if (octets == null || !name.equals(Fields.ACCEPT_LANGUAGE)) {
            return null;
        }
        AcceptLanguage liked = AcceptLanguage.parse(octets);
        return liked == null ? null : new Selecting.Languages(octets, liked, beside);
    }
}
