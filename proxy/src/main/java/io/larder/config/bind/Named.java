package io.larder.config.bind;

import io.larder.config.bind.Binding.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A map of sections by a name that the user gives and that others may refer to.
 *
 * @param kind what is named, for messages: "upstream"
 * @param least how many there must be
 */
public record Named<R>(String kind, Section<R> section, int least) implements Type<Map<String, R>> {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";

    /** The good ones; those with problems are left out, their names are known all the same. */
    @Override
    public @Nullable Map<String, R> read(Node node, Binding binding) {
        List<Entry> entries = binding.spend(node) ? binding.entries(node) : null;
        if (entries == null) {
            return null;
        }
        if (entries.size() < least) {
            binding.bad(node, "there is no " + kind, null);
        }
        Map<String, R> records = new LinkedHashMap<>();
        for (Entry entry : entries) {
            R record = binding.below(entry.name(), () -> one(entry, binding));
            if (record != null) {
                records.put(entry.name(), record);
            }
        }
        return records;
    }

    @Override
    public Object write(Map<String, R> records) {
        Map<String, Object> tree = new LinkedHashMap<>();
        records.forEach((name, record) -> tree.put(name, section.write(record)));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("propertyNames", Map.of("pattern", "^" + NAME + "$"));
        schema.put("additionalProperties", section.schema(definitions));
        if (least > 0) {
            schema.put("minProperties", least);
        }
        return schema;
    }

    private @Nullable R one(Entry entry, Binding binding) {
        binding.declare(kind, entry.name());
        if (!entry.name().matches(NAME)) {
            String rule = "use letters, digits, '-', '_' and '.', at most 64 of them, a letter or digit first";
            binding.error(entry.key(), "'" + entry.name() + "' cannot be the name of a " + kind, rule);
        }
        return section.read(entry.name(), Binding.place(entry.key()), entry.value(), binding);
    }
}
