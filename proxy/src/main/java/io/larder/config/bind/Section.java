package io.larder.config.bind;

import io.larder.config.bind.Binding.Entry;
import io.larder.config.source.Origin;
import io.larder.config.source.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A map with known keys, which becomes a record. */
public final class Section<R> implements Type<R> {
    private final String name;
    private final String doc;
    private final Function<Values<R>, R> make;
    private final Map<String, Key<R, ?>> keys = new LinkedHashMap<>();
    private final List<String> choice;

    @SafeVarargs
    public Section(String name, String doc, Function<Values<R>, R> make, Key<R, ?>... keys) {
        this.name = name;
        this.doc = doc;
        this.make = make;
        for (Key<R, ?> key : keys) {
            this.keys.put(key.name(), key);
        }
        this.choice = List.of();
    }

    private Section(Section<R> free, List<String> choice) {
        this.name = free.name;
        this.doc = free.doc;
        this.make = free.make;
        this.keys.putAll(free.keys);
        this.choice = choice;
    }

    /** The same section, in which exactly one of these keys must be written. */
    @SafeVarargs
    public final Section<R> withOneOf(Key<R, ?>... alternatives) {
        List<String> names = new ArrayList<>();
        for (Key<R, ?> key : alternatives) {
            names.add(key.name());
        }
        return new Section<>(this, List.copyOf(names));
    }

    /** The record when nothing is written. */
    public R defaults() {
        return make(new Values<>(name, Origin.of(Place.of("default")), null));
    }

    /** The record of values that are known to be good. */
    public R make(Values<R> values) {
        return make.apply(values);
    }

    @Override
    public @Nullable R read(Node node, Binding binding) {
        return read(name, Binding.place(node), node, binding);
    }

    /** As {@link #read(Node, Binding)}, for a section that has a name of its own, written at {@code place}. */
    @Nullable
    R read(String ownName, Place place, Node node, Binding binding) {
        int before = binding.report().errors();
        Values<R> values = values(ownName, place, node, binding);
        return binding.report().errors() > before ? null : checked(values, binding);
    }

    /** Makes the record out of what could be read, so that checks across sections can still be made. */
    public R readWhatIsGood(Node node, Binding binding) {
        return make(values(name, Binding.place(node), node, binding));
    }

    @Override
    public Map<String, Object> write(R record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        keys.values().forEach(key -> write(key, record, tree));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of());
            definitions.put(name, definition(definitions));
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    /** The schema of this section itself. */
    public Map<String, Object> definition(Map<String, Object> definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Key<R, ?> key : keys.values()) {
            properties.put(key.name(), property(key, definitions));
            if (key.required()) {
                required.add(key.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", doc);
        schema.put("type", List.of("object", "null"));
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!choice.isEmpty()) {
            schema.put(
                    "oneOf",
                    choice.stream()
                            .map(key -> Schemas.of("required", List.of(key)))
                            .toList());
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private Values<R> values(String ownName, Place place, Node node, Binding binding) {
        Values<R> values = new Values<>(ownName, Origin.of(place), binding.report());
        List<Entry> entries = binding.spend(node) ? binding.entries(node) : null;
        if (entries == null) {
            return values;
        }
        for (Entry entry : entries) {
            Key<R, ?> key = keys.get(entry.name());
            if (key == null) {
                stranger(entry, binding);
            } else {
                value(key, entry, values, binding);
            }
        }
        List<String> written = entries.stream().map(Entry::name).toList();
        for (Key<R, ?> key : keys.values()) {
            if (key.required() && !written.contains(key.name())) {
                binding.report().error(place, "missing '" + key.name() + "'" + in(binding), null);
            }
        }
        checkChoice(place, entries, binding);
        return values;
    }

    private void checkChoice(Place place, List<Entry> entries, Binding binding) {
        List<Entry> chosen =
                entries.stream().filter(entry -> choice.contains(entry.name())).toList();
        if (chosen.isEmpty() && !choice.isEmpty()) {
            binding.report().error(place, "missing '" + String.join("' or '", choice) + "'" + in(binding), null);
        }
        for (Entry other : chosen.subList(Math.min(1, chosen.size()), chosen.size())) {
            String both = "'" + chosen.get(0).name() + "' and '" + other.name() + "'";
            binding.error(other.key(), both + " exclude each other" + in(binding), "leave one of the two out");
        }
    }

    private static <R> void value(Key<R, ?> key, Entry entry, Values<R> values, Binding binding) {
        Object value = binding.below(entry.name(), () -> {
            binding.wrote(entry.key());
            return key.type().read(entry.value(), binding);
        });
        if (value != null) {
            values.put(key, value, Binding.place(entry.value()));
        }
    }

    /** The record, unless a rule about several keys is broken: told by the section, or by the record itself. */
    private @Nullable R checked(Values<R> values, Binding binding) {
        int before = binding.report().errors();
        try {
            R record = make(values);
            return binding.report().errors() > before ? null : record;
        } catch (IllegalArgumentException e) {
            if (binding.report().errors() == before) {
                binding.report().error(values.origin().place(), String.valueOf(e.getMessage()), null);
            }
            return null;
        }
    }

    private void stranger(Entry entry, Binding binding) {
        switch (binding.stranger(name, entry)) {
            case OFF -> {}
            case ON -> binding.error(entry.key(), "'" + entry.name() + "' is not supported yet", null);
            case UNKNOWN ->
                binding.error(entry.key(), "unknown key '" + entry.name() + "'" + in(binding), hint(entry.name()));
        }
    }

    private @Nullable String hint(String unknown) {
        if (unknown.equals("<<")) {
            return "merge keys are not part of YAML 1.2: write the keys out";
        }
        String nearest = Suggestion.didYouMean(unknown, keys.keySet());
        return nearest == null ? "known here: " + String.join(", ", keys.keySet()) : nearest;
    }

    private static String in(Binding binding) {
        return binding.where().isEmpty() ? "" : " in " + binding.where();
    }

    private static <R, T> void write(Key<R, T> key, R record, Map<String, Object> tree) {
        T value = key.getter().of(record);
        if (value != null) {
            tree.put(key.name(), key.type().write(value));
        }
    }

    private static <R, T> Map<String, Object> property(Key<R, T> key, Map<String, Object> definitions) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("description", key.doc());
        property.putAll(key.type().schema(definitions));
        T fallback = key.fallback();
        if (fallback != null && !(key.type() instanceof Section) && !key.required()) {
            property.put("default", key.type().write(fallback));
        }
        return property;
    }
}
