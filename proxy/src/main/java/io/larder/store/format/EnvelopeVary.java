package io.larder.store.format;

import io.larder.http.FieldName;
import io.larder.http.Grammar;
import io.larder.policy.CacheRules;
import io.larder.policy.VaryKey;
import io.larder.policy.VaryTerm;
import io.larder.store.format.EnvelopeReader.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** The field of an envelope that tells by which request fields the response was selected; see {@link StoredFormat}. */
final class EnvelopeVary {
    /** What a term takes at least: its kind, and the lengths of three texts. */
    private static final int LEAST = 1 + 3 * 4;

    private EnvelopeVary() {}

    static void write(EnvelopeWriter out, VaryKey vary) {
        List<VaryTerm> terms = vary.terms();
        out.flags(vary.how().normalise(), vary.how().selectLanguage()).number(terms.size(), 4);
        for (VaryTerm term : terms) {
            out.number(code(term.kind()), 1).text(term.name().toString());
            out.text(term.octets()).text(term.beside());
        }
    }

    static VaryKey read(EnvelopeReader in) throws Unreadable {
        boolean[] flags = in.flags(2);
        List<VaryTerm> terms = new ArrayList<>();
        for (int left = in.count(LEAST); left > 0; left--) {
            terms.add(new VaryTerm(kind(in.number(1)), name(in), in.valueOrNull(), in.valueOrNull()));
        }
        return VaryKey.of(new CacheRules.Negotiation(flags[0], flags[1]), terms).orElseThrow(EnvelopeReader::malformed);
    }

    private static FieldName name(EnvelopeReader in) throws Unreadable {
        String name = in.text();
        if (!Grammar.isToken(name)) {
            throw EnvelopeReader.malformed();
        }
        return FieldName.of(name);
    }

    private static VaryTerm.Kind kind(long code) throws Unreadable {
        for (VaryTerm.Kind kind : VaryTerm.Kind.values()) {
            if (code(kind) == code) {
                return kind;
            }
        }
        throw EnvelopeReader.malformed();
    }

    private static int code(VaryTerm.Kind kind) {
        return switch (kind) {
            case OCTETS -> 1;
            case LIST -> 2;
            case ENCODINGS -> 3;
            case LANGUAGES -> 4;
        };
    }
}
