package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The request fields that a response was selected by (RFC 9111 §4.1): the names its {@code Vary} nominates, and what the
 * request that fetched it said under each.
 */
public final class VaryKey {
    /** The response is the same for every request. */
    public static final VaryKey NONE = new VaryKey(List.of(), CacheRules.Negotiation.DEFAULTS);

    /** The origin sees our word on the client under these names, of which the request that is compared says nothing. */
    private static final List<FieldName> OURS = List.of(Fields.FORWARDED, Fields.X_FORWARDED_FOR, Fields.X_REQUEST_ID);

    private final List<Selecting> fields;
    private final CacheRules.Negotiation how;

    private VaryKey(List<Selecting> fields, CacheRules.Negotiation how) {
        this.fields = fields;
        this.how = how;
    }

    /**
     * What selects {@code response} for requests like {@code request}; empty when nothing that can be
     * compared does ({@code Vary: *}, or a field that only the gateway writes).
     *
     * @param how values of fields are compared
     */
    public static Optional<VaryKey> of(CacheRules.Negotiation how, Headers request, Headers response) {
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
            if (OURS.contains(name)) {
                return Optional.empty();
            }
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        names.sort(VaryKey::compare);
        return Optional.of(names.isEmpty() ? NONE : selecting(how, names, request, response));
    }

    private static VaryKey selecting(
            CacheRules.Negotiation how, List<FieldName> names, Headers request, Headers response) {
        return new VaryKey(
                names.stream()
                        .map(name -> Selecting.of(how, name, request, response))
                        .toList(),
                how);
    }

    /**
     * The key that was taken apart into {@code terms}.
     *
     * @param how it was made
     * @return empty where no key has such terms
     */
    public static Optional<VaryKey> of(CacheRules.Negotiation how, List<VaryTerm> terms) {
        List<Selecting> fields = new ArrayList<>(terms.size());
        FieldName before = null;
        for (VaryTerm term : terms) {
            Selecting field = term.selecting();
            if (field == null || (before != null && compare(before, term.name()) >= 0)) {
                return Optional.empty();
            }
            fields.add(field);
            before = term.name();
        }
        return Optional.of(fields.isEmpty() ? NONE : new VaryKey(List.copyOf(fields), how));
    }

    private static int compare(FieldName a, FieldName b) {
        return a.toString().compareToIgnoreCase(b.toString());
    }

    /** Its fields taken apart, in alphabetical order. */
    public List<VaryTerm> terms() {
        return fields.stream().map(VaryTerm::of).toList();
    }

    /** How values of its fields are compared. */
    public CacheRules.Negotiation how() {
        return how;
    }

    /** What the same names select for another request, one with these fields, before its response is known. */
    public VaryKey forRequest(Headers request) {
        return fields.isEmpty() ? NONE : selecting(how, names(), request, Headers.EMPTY);
    }

    /** Whether a request with these fields would have been given this response: absent equals only absent. */
    public boolean matches(Headers request) {
        return isPresentedBy(request) || admits(new Asked(request));
    }

    /** Whether {@code request} has the same octets in all of the fields. Makes no objects for the requests of browsers. */
    boolean isPresentedBy(Headers request) {
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).isSame(request)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a request means the same by all of the fields, or what else comes to the same response. */
    boolean admits(Asked asked) {
        for (int i = 0; i < fields.size(); i++) {
            Selecting field = fields.get(i);
            if (!field.isSame(asked.request()) && !field.admits(asked)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a newer response with this key is chosen wherever an older one with {@code other} would be. */
    boolean supersedes(VaryKey other) {
        boolean same = fields.size() == other.fields.size();
        for (int i = 0; same && i < fields.size(); i++) {
            Selecting theirs = other.fields.get(i);
            same = fields.get(i).name().equals(theirs.name()) && fields.get(i).covers(theirs);
        }
        return same;
    }

    /** Whether the response was chosen by the field {@code name}. */
    public boolean includes(FieldName name) {
        for (Selecting field : fields) {
            if (field.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The names, each once, in alphabetical order. */
    public List<FieldName> names() {
        return fields.stream().map(Selecting::name).toList();
    }

    /** Heap bytes that it keeps alive. */
    public int weight() {
        int weight = 0;
        for (Selecting field : fields) {
            String value = field.octets();
            weight += 330 + (value == null ? 0 : 4 * value.length());
        }
        return weight;
    }

    /** Equal where one of two responses takes the other's place: their requests mean the same by the same fields. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof VaryKey that) || fields.size() != that.fields.size()) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            Selecting mine = fields.get(i);
            Selecting theirs = that.fields.get(i);
            if (!mine.name().equals(theirs.name()) || !Objects.equals(mine.meaning(), theirs.meaning())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int h = 1;
        for (Selecting field : fields) {
            h = 31 * h + field.name().hashCode();
            h = 31 * h + Objects.hashCode(field.meaning());
        }
        return h;
    }

    /** A text that two keys have in common if they are equal, and only then. It may tell who asked: not for people. */
    public String identity() {
        StringBuilder all = new StringBuilder();
        for (Selecting field : fields) {
            String meaning = field.meaning();
            all.append(field.name().toString().toLowerCase(Locale.ROOT)).append('=');
            all.append(meaning == null ? "-" : meaning.length() + ":" + meaning).append(';');
        }
        return all.toString();
    }

    /** For people; what tells who asked stays out of it. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("VaryKey[");
        for (int i = 0; i < fields.size(); i++) {
            Selecting field = fields.get(i);
            all.append(i == 0 ? "" : "; ").append(field.name()).append('=');
            all.append(Selecting.isCredential(field.name()) ? "…" : field.octets());
        }
        return all.append(']').toString();
    }
}
