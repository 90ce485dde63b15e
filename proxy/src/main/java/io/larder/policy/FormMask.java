package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a page with Django's forms is kept: a word that nobody can foretell stands where its token was, and each delivery puts the
 * visitor's own there. The word is known to this gateway alone: it goes with the stored page, in a field that no client sees and
 * that is taken from no origin.
 *
 * @param standIn 64 letters and digits
 * @param attributes of the cookie that the origin set, from the first semicolon on, without when it expires by date
 */
public record FormMask(String standIn, String attributes) {
    /** Where a stored page tells of it. */
    public static final FieldName FIELD = FieldName.of("X-Larder-Form");

    /** The cookie that holds a visitor's secret. */
    public static final String COOKIE = "csrftoken";

    /** As {@link Cookies#drop} knows it. */
    public static final List<Glob> COOKIES = List.of(new Glob(COOKIE));

    /** The largest page that is looked through, in octets, decoded. */
    public static final long LARGEST = 4 << 20;

    /** That of a stored or passing page with these fields. */
    public static Optional<FormMask> of(Headers headers) {
        String value = headers.first(FIELD);
        if (value == null || value.length() < DjangoToken.MASKED) {
            return Optional.empty();
        }
        String standIn = value.substring(0, DjangoToken.MASKED);
        return DjangoToken.isSecret(standIn)
                ? Optional.of(new FormMask(standIn, value.substring(DjangoToken.MASKED)))
                : Optional.empty();
    }

    /** A new one for a page that came with {@code cookie}. */
    public static FormMask fresh(Cookie cookie, RandomGenerator random) {
        String word = DjangoToken.freshSecret(random) + DjangoToken.freshSecret(random);
        return new FormMask(word, cookie.attributes);
    }

    /** What {@link #FIELD} says. */
    public String value() {
        return standIn + attributes;
    }

    /** {@code page}, kept so, cut where a token goes. */
    public List<Bytes> split(Bytes page) {
        return FormTokens.split(page, standIn);
    }

    /** {@code page}, kept so, as it would be kept with {@code other}. */
    public Bytes as(FormMask other, Bytes page) {
        Bytes word = Bytes.utf8(other.standIn);
        List<Bytes> all = new ArrayList<>();
        for (Bytes piece : split(page)) {
            all.add(piece);
            all.add(word);
        }
        return Bytes.concat(all.subList(0, all.size() - 1));
    }

    /** The {@code Set-Cookie} that gives a visitor his {@code secret}. */
    public String cookie(String secret) {
        return COOKIE + "=" + secret + attributes;
    }

    /**
     * The cookie that Django sets with a page that has a form.
     *
     * @param secret its value
     */
    public record Cookie(String secret, String attributes) {
        /**
         * What {@code response} sets, the last of several.
         *
         * @return empty, too, where it takes the cookie away
         */
        public static Optional<Cookie> of(Headers response) {
            List<String> set = response.all(Fields.SET_COOKIE).stream()
                    .filter(Cookie::isThat)
                    .toList();
            if (set.isEmpty()) {
                return Optional.empty();
            }
            String cookie = set.getLast();
            int end = cookie.indexOf(';') < 0 ? cookie.length() : cookie.indexOf(';');
            String secret = cookie.substring(COOKIE.length() + 1, end).strip();
            return DjangoToken.isSecret(secret)
                    ? Optional.of(new Cookie(secret, lasting(cookie.substring(end))))
                    : Optional.empty();
        }

        private static boolean isThat(String cookie) {
            return cookie.startsWith(COOKIE + "=");
        }

        private static String lasting(String attributes) {
            StringBuilder kept = new StringBuilder();
            for (String attribute : attributes.split(";", -1)) {
                String text = attribute.strip();
                if (!text.isEmpty() && !text.regionMatches(true, 0, "expires=", 0, 8)) {
                    kept.append("; ").append(text);
                }
            }
            return kept.toString();
        }
    }

    /**
     * The fields of a page whose tokens were taken out: the same for everybody, and told by nobody's cookie. Its validators were
     * those of the page with the token.
     *
     * @param response as the origin sent it
     */
    public Headers masked(Headers response) {
        Headers rest = response.keeping(i -> !(response.is(i, Fields.SET_COOKIE) && Cookie.isThat(response.value(i)))
                && !response.is(i, Fields.CONTENT_ENCODING)
                && !response.is(i, Fields.ETAG)
                && !response.is(i, Fields.LAST_MODIFIED)
                && !response.is(i, FIELD)
                && !response.is(i, Fields.VARY));
        List<String> vary = new ArrayList<>(FieldList.of(response, Fields.VARY));
        vary.removeIf("Cookie"::equalsIgnoreCase);
        Headers told = vary.isEmpty() ? rest : rest.with(Fields.VARY, String.join(", ", vary));
        return told.with(FIELD, value());
    }

    /** The secret that a visitor has: the last of his cookies of that name, as Django takes it; null where he has none that is one. */
    public static @Nullable String secret(Headers request) {
        List<String> values = Cookies.values(request, COOKIE);
        String last = values.isEmpty() ? "" : values.get(values.size() - 1);
        return DjangoToken.isSecret(last) ? last : null;
    }
}
