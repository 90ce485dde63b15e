package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request field that a stored response was selected by (RFC 9111 §4.1), as the request that fetched it had it. A
 * request that has the same octets selects the response; which others do depends on what the field means.
 */
sealed interface Selecting {
    FieldName name();

    /** All lines of the field as one value; null where it was absent. */
    @Nullable
    String octets();

    /** Equal for requests that are known to mean the same by the field. */
    @Nullable
    String meaning();

    /** Whether a request that does not have the same octets selects the response nonetheless. */
    boolean admits(Asked asked);

    /** Whether every request that {@code other} admits is admitted here too, so that a newer response makes it useless. */
    default boolean covers(Selecting other) {
        return Objects.equals(meaning(), other.meaning());
    }

    /** A field of which nothing but its octets is known to mean the same: credentials, or no normalisation is wanted. */
    record Opaque(FieldName name, @Nullable String octets) implements Selecting {
        @Override
        public @Nullable String meaning() {
            return octets;
        }

        @Override
        public boolean admits(Asked asked) {
            return false;
        }
    }

    /** White space around the members of a list means nothing (RFC 9110 §5.6.1). */
    record Listed(
            FieldName name,
            @Nullable String octets,
            @Nullable String meaning) implements Selecting {
        @Override
        public boolean admits(Asked asked) {
            return meaning != null && meaning.equals(asked.list(name));
        }
    }

    /** {@code Accept-Encoding}, beside the coding that the response came in. */
    record Encodings(@Nullable String octets, AcceptEncoding taken, int coding) implements Selecting {
        @Override
        public FieldName name() {
            return Fields.ACCEPT_ENCODING;
        }

        @Override
        public String meaning() {
            return octets == null ? "absent" : taken.toString();
        }

        @Override
        public boolean admits(Asked asked) {
            AcceptEncoding other = asked.encodings();
            return other != null && taken.settles(other, coding);
        }

        @Override
        public boolean covers(Selecting other) {
            return meaning().equals(other.meaning())
                    || (other instanceof Encodings that
                            && that.coding == coding
                            && that.octets != null
                            && taken.settles(that.taken, coding));
        }
    }

    /**
     * {@code Accept-Language}.
     *
     * @param language that the response is in, in lower case; null where it does not say, or saying it does not count
     */
    record Languages(
            String octets, AcceptLanguage liked, @Nullable String language) implements Selecting {
        @Override
        public FieldName name() {
            return Fields.ACCEPT_LANGUAGE;
        }

        @Override
        public String meaning() {
            return liked.toString();
        }

        @Override
        public boolean admits(Asked asked) {
            AcceptLanguage other = asked.languages();
            return other != null
                    && (other.toString().equals(liked.toString())
                            || (language != null && language.equals(other.favourite())));
        }
    }

    /** How the field {@code name} of {@code request} selects {@code response}. */
    static Selecting of(CacheRules.Negotiation how, FieldName name, Headers request, Headers response) {
        String octets = request.combined(name);
        if (!how.normalise() || isCredential(name)) {
            return new Opaque(name, octets);
        }
        if (name.equals(Fields.ACCEPT_ENCODING)) {
            AcceptEncoding taken = AcceptEncoding.parse(octets);
            if (taken != null) {
                int coding = AcceptEncoding.coding(response.combined(Fields.CONTENT_ENCODING));
                return new Encodings(octets, taken, coding);
            }
        }
        if (name.equals(Fields.ACCEPT_LANGUAGE) && octets != null) {
            AcceptLanguage liked = AcceptLanguage.parse(octets);
            if (liked != null) {
                return new Languages(octets, liked, how.selectLanguage() ? language(response) : null);
            }
        }
        return new Listed(name, octets, new Asked(request).list(name));
    }

    /** A comma in them may be part of a secret, and nobody's page must answer to somebody who spells like him. */
    static boolean isCredential(FieldName name) {
        return name.equals(Fields.COOKIE)
                || name.equals(Fields.AUTHORIZATION)
                || name.equals(Fields.PROXY_AUTHORIZATION);
    }

    private static @Nullable String language(Headers response) {
        String said = response.combined(Fields.CONTENT_LANGUAGE);
        return said == null ? null : said.toLowerCase(Locale.ROOT); // a list of several is nobody's favourite
    }

    /** Whether {@code request} has the field with the same octets; makes no string of a field that has one line. */
    default boolean isSame(Headers request) {
        String mine = octets();
        int line = request.indexOf(name(), 0);
        if (line < 0 || mine == null) {
            return line < 0 && mine == null;
        }
        return request.indexOf(name(), line + 1) < 0
                ? request.valueIs(line, mine)
                : mine.equals(request.combined(name()));
    }
}
