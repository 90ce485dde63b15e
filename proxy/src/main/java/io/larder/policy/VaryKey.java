package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request fields that a response was selected by (RFC 9111 §4.1): the names its {@code Vary} nominates, and what the
 * request that fetched it said under each.
 */
public final class VaryKey {
    /** The response is the same for every request. */
    public static final VaryKey NONE = new VaryKey(List.of(), new String[0], new String[0]);

    private final List<FieldName> names;
    private final @Nullable String[] presented;
    private final @Nullable String[] normalised;

    private VaryKey(List<FieldName> names, @Nullable String[] presented, @Nullable String[] normalised) {
        this.names = names;
        this.presented = presented;
        this.normalised = normalised;
    }

    /** What selects {@code response} for requests like {@code request}; empty when nothing ever does ({@code Vary: *}). */
    public static Optional<VaryKey> of(Headers request, Headers response) {
        if (!response.contains(Fields.VARY)) {
            return Optional.of(NONE);
        }
        List<FieldName> names = new ArrayList<>();
        for (String member : FieldList.of(response, Fields.VARY)) {
            // a member that is no field name cannot be compared, so it never matches either
            if (member.equals("*") || !Grammar.isToken(member)) {
                return Optional.empty();
            }
            FieldName name = FieldName.of(member);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        names.sort((a, b) -> a.toString().compareToIgnoreCase(b.toString()));
        return Optional.of(names.isEmpty() ? NONE : selecting(List.copyOf(names), request));
    }

    private static VaryKey selecting(List<FieldName> names, Headers request) {
        @Nullable String[] presented = new @Nullable String[names.size()];
        @Nullable String[] normalised = new @Nullable String[names.size()];
        for (int i = 0; i < presented.length; i++) {
            presented[i] = request.combined(names.get(i));
            normalised[i] = normalised(names.get(i), presented[i]);
        }
        return new VaryKey(names, presented, normalised);
    }

    /** What the same names select for another request, one with these fields. */
    public VaryKey forRequest(Headers request) {
        return names.isEmpty() ? NONE : selecting(names, request);
    }

    /** Whether a request with these fields would have been given this response: absent equals only absent. */
    public boolean matches(Headers request) {
        for (int i = 0; i < presented.length; i++) {
            FieldName name = names.get(i);
            String now = request.combined(name);
            if (!same(now, presented[i]) && !same(normalised(name, now), normalised[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equals(b);
    }

    /** White space around the members of a list means nothing (RFC 9110 §5.6.1); in cookies it might. */
    private static @Nullable String normalised(FieldName name, @Nullable String value) {
        if (value == null || name.equals(Fields.COOKIE) || value.indexOf(',') < 0) {
            return value;
        }
        return String.join(",", FieldList.members(value));
    }

    /** Whether the response was chosen by the field {@code name}. */
    public boolean includes(FieldName name) {
        return names.contains(name);
    }

    /** The names, each once, in alphabetical order. */
    public List<FieldName> names() {
        return names;
    }

    /** Heap bytes that it keeps alive. */
    public int weight() {
        int weight = 0;
        for (int i = 0; i < presented.length; i++) {
            String value = presented[i];
            weight += 230 + (value == null ? 0 : 2 * value.length());
        }
        return weight;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof VaryKey that) || !names.equals(that.names)) {
            return false;
        }
        for (int i = 0; i < normalised.length; i++) {
            if (!same(normalised[i], that.normalised[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int h = names.hashCode();
        for (String value : normalised) {
            h = 31 * h + (value == null ? 0 : value.hashCode());
        }
        return h;
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("VaryKey[");
        for (int i = 0; i < normalised.length; i++) {
            all.append(i == 0 ? "" : "; ").append(names.get(i)).append('=').append(normalised[i]);
        }
        return all.append(']').toString();
    }
}
