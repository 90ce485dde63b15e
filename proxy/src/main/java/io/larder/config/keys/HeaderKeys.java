package io.larder.config.keys;

import io.larder.config.SiteConfig;
import io.larder.config.SiteConfig.Edit;
import io.larder.config.SiteConfig.HeaderEdits;
import io.larder.config.SiteConfig.ResponseEdits;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.MapOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.config.source.Text;
import io.larder.http.Grammar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of a site's {@code headers}. */
final class HeaderKeys {
    /** Fields that frame a message or belong to one connection: editing them would break it (RFC 9110 §7.6.1). */
    private static final Set<String> FRAMING = Set.of(
            "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private static final Scalar<String> FIELD = new Scalar<>(
            Scalars.FIELD_NAME.noun(),
            Scalars.FIELD_NAME.example(),
            HeaderKeys::editable,
            name -> name,
            Scalars.FIELD_NAME.schema());

    private static final Edits<Edit> EDITS = Edits.of(edit -> edit);
    private static final Section<Edit> EDIT = new Section<>(
            "header-edit", "Fields that are removed and then set.", EDITS::read, EDITS.set(), EDITS.remove());

    private static final Edits<ResponseEdits> RESPONSE_EDITS = Edits.of(ResponseEdits::fields);
    private static final Key<ResponseEdits, Boolean> SECURITY = Key.of(
            "security",
            Scalars.SWITCH,
            false,
            ResponseEdits::security,
            "X-Content-Type-Options, X-Frame-Options and Referrer-Policy as browsers are safest, where a response does not have them.");
    private static final Section<ResponseEdits> RESPONSE_EDIT = new Section<>(
            "response-header-edit",
            "Fields that are removed and then set.",
            values -> new ResponseEdits(RESPONSE_EDITS.read(values), values.get(SECURITY)),
            SECURITY,
            RESPONSE_EDITS.set(),
            RESPONSE_EDITS.remove());

    private static final Key<HeaderEdits, Edit> REQUEST =
            Key.of("request", EDIT, EDIT.defaults(), HeaderEdits::request, "On the way to the servers.");
    private static final Key<HeaderEdits, ResponseEdits> RESPONSE = Key.of(
            "response", RESPONSE_EDIT, RESPONSE_EDIT.defaults(), HeaderEdits::response, "On the way to the client.");
    private static final Section<HeaderEdits> SECTION = new Section<>(
            "header-edits",
            "Changes of header fields.",
            values -> new HeaderEdits(values.get(REQUEST), values.get(RESPONSE)),
            REQUEST,
            RESPONSE);

    static final Key<SiteConfig, HeaderEdits> HEADERS =
            Key.of("headers", SECTION, SECTION.defaults(), SiteConfig::headers, "Changes of header fields.");

    private HeaderKeys() {}

    /** The keys that say what becomes of fields, in a section of their own. */
    private record Edits<R>(Key<R, Map<String, Text>> set, Key<R, List<String>> remove) {
        static <R> Edits<R> of(Function<R, Edit> edit) {
            return new Edits<>(
                    Key.of(
                            "set",
                            new MapOf<>(FIELD, new FreeText("a header value", true)),
                            Map.of(),
                            whole -> edit.apply(whole).set(),
                            "Fields that are set, replacing what is there."),
                    Key.of(
                            "remove",
                            ListOf.any(FIELD),
                            List.of(),
                            whole -> edit.apply(whole).remove(),
                            "Fields that are removed."));
        }

        Edit read(Values<R> values) {
            return new Edit(values.get(set), values.get(remove));
        }
    }

    private static @Nullable String editable(String name) {
        if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("is the gateway's own field and cannot be edited");
        }
        return Grammar.isToken(name) ? name : null;
    }
}
