package io.larder.policy;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tokens against request forgery that Django has put into a page. Without them the page is the same for everybody who is
 * nobody in particular, and can be kept with a stand-in where they were.
 *
 * <p>What looks like a token but is none costs a page some octets; a token that is overlooked would be shown to strangers. So
 * whatever may be one is taken for one. Takes time that grows with the length of the page, so it is nothing for a loop.
 */
public final class FormTokens {
    /** What Django calls the field that holds one. */
    static final String FIELD = "csrfmiddlewaretoken";

    /** How many different ones a page may have. */
    public static final int MOST = 16;

    private final Bytes page;
    private final Set<String> values;

    private FormTokens(Bytes page, Set<String> values) {
        this.page = page;
        this.values = values;
    }

    /**
     * Looks through {@code page} for {@code <input>} tags named csrfmiddlewaretoken, in any spelling, in comments and scripts
     * too, whose value is of 32 or 64 letters and digits.
     */
    public static FormTokens find(Bytes page) {
        Set<String> values = new LinkedHashSet<>();
        new InputScan(values).through(page);
        return new FormTokens(page, values);
    }

    /**
     * As {@link #find(Bytes)}, and finds whatever Django has made of the secret in {@code cookie}, in whatever place and
     * spelling, as long as its letters and digits stand for themselves.
     *
     * @param cookie which Django had, or set, when it made the page
     * @throws IllegalArgumentException when {@code cookie} {@linkplain DjangoToken#isSecret is no secret}
     */
    public static FormTokens find(Bytes page, String cookie) {
        FormTokens found = find(page);
        new SecretScan(DjangoToken.plain(cookie), found.values).through(page);
        return found;
    }

    /** The different tokens; none where there are {@linkplain #areTooMany too many}. */
    public Set<String> values() {
        return areTooMany() ? Set.of() : Set.copyOf(values);
    }

    /** Whether there are more than {@link #MOST}: then the page is not to be kept. */
    public boolean areTooMany() {
        return values.size() > MOST;
    }

    /**
     * The page with {@code standIn} for each token, wherever it stands in the page, in a tag or not. What is left shares the
     * page's segments.
     *
     * @param standIn 64 letters and digits that nobody can foretell
     * @throws IllegalStateException when there are {@linkplain #areTooMany too many}
     */
    public Bytes masked(String standIn) {
        if (areTooMany()) {
            throw new IllegalStateException("more than " + MOST + " tokens");
        }
        Bytes link = Bytes.utf8(checked(standIn));
        List<List<Span>> places =
                values.stream().map(value -> new Word(value).covered(page)).toList();
        return joined(Span.between(page, Span.united(places)), link);
    }

    private static String checked(String standIn) {
        if (standIn.length() != DjangoToken.MASKED || !DjangoToken.isSecret(standIn)) {
            throw new IllegalArgumentException("no stand-in");
        }
        return standIn;
    }

    private static Bytes joined(List<Bytes> pieces, Bytes link) {
        List<Bytes> all = new ArrayList<>(2 * pieces.size());
        for (Bytes piece : pieces) {
            all.add(piece);
            all.add(link);
        }
        return Bytes.concat(all.subList(0, all.size() - 1));
    }

    /**
     * The pieces of {@code page} between the places where {@code standIn} stands, one more than there are places, sharing the
     * page's segments. A piece may be empty.
     *
     * @param standIn as for {@link #masked}
     */
    public static List<Bytes> split(Bytes page, String standIn) {
        return Span.between(page, new Word(checked(standIn)).apart(page));
    }
}
