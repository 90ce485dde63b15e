package io.larder.fragment;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a page may know of a request, under what the page itself has assigned so far. Confined to one thread. */
final class Assignments implements Variables {
    /** The longest value, in characters: one that is longer ends there, so that a page cannot double it without end. */
    static final int LONGEST = 4_096;

    private static final int LONGEST_REFERENCE = 65_536; // longer than any target that a server takes

    private final Variables request;
    private final Map<Variable, Value> assigned;

    Assignments(Variables request) {
        this(request, new HashMap<>());
    }

    private Assignments(Variables request, Map<Variable, Value> assigned) {
        this.request = request;
        this.assigned = assigned;
    }

    /** The same, whatever becomes of this one. */
    Assignments copy() {
        return new Assignments(request, new HashMap<>(assigned));
    }

    void assign(Variable variable, Text text) {
        assigned.put(named(variable.name(), variable.key()), of(text, LONGEST));
    }

    @Override
    public String value(String name, @Nullable String key) {
        Value known = assigned.isEmpty() ? null : assigned.get(named(name, key));
        return known == null ? request.value(name, key) : known.in(Escaping.NONE);
    }

    private static Variable named(String name, @Nullable String key) {
        return new Variable(name, key, null);
    }

    /** What a page shows of a variable; none is absent that the page itself has assigned, be it empty. */
    String echoed(Node.Echo echo) {
        Variable variable = echo.variable();
        Value known = assigned.get(named(variable.name(), variable.key()));
        Value value = known == null ? requested(variable) : known;
        String fallback = variable.fallback();
        if (known == null && value.parts().isEmpty() && fallback != null) {
            return fallback;
        }
        return value.echoed(variable, echo.escaping());
    }

    private Value requested(Variable variable) {
        return Value.of(variable, request.value(variable.name(), variable.key()));
    }

    private Value of(Variable variable) {
        Value known = assigned.get(named(variable.name(), variable.key()));
        return known == null ? requested(variable) : known;
    }

    /** Where {@code text} leads, on the same site. */
    String reference(Text text) {
        return SiteReference.of(of(text, LONGEST_REFERENCE).in(Escaping.SITE_REFERENCE));
    }

    private Value of(Text text, int most) {
        return Value.joined(text.parts().stream().map(this::of).toList(), most);
    }

    private Value of(Text.Part part) {
        return switch (part) {
            case Text.Part.Plain(String plain) -> Value.own(plain);
            case Text.Part.Filled(Variable variable) -> of(variable);
        };
    }
}
