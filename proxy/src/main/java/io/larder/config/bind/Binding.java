package io.larder.config.bind;

import io.larder.config.source.Expansion;
import io.larder.config.source.Place;
import io.larder.config.source.Places;
import io.larder.config.source.Report;
import io.larder.config.source.Stamp;
import io.larder.config.source.Text;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What the types share while they read nodes: where in the tree, which names there are, whom to tell. Confined to one loading. */
public final class Binding {
    /** Nodes that may be read; an alias counts each time, so that a small file cannot stand for an endless one. */
    private static final int MOST_NODES = 100_000;

    private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

    private final Report report;
    private final Expansion expansion;
    private final Later.Table later;
    private final Deque<String> path = new ArrayDeque<>();
    private final Map<String, Set<String>> declared = new HashMap<>();
    private final List<Use> references = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<Path, Stamp> looked = new LinkedHashMap<>();
    private int nodes;
    private @Nullable Place exhausted;

    /** @param later what becomes of keys that no section has */
    public Binding(Report report, Expansion expansion, Later.Table later) {
        this.report = report;
        this.expansion = expansion;
        this.later = later;
    }

    /** One key of a mapping and its value. */
    record Entry(String name, Node key, Node value) {}

    private record Use(String kind, String name, String where, Place place) {}

    /** Where a node begins. */
    public static Place place(Node node) {
        Mark mark = node.getStartMark().orElseThrow();
        return new Place(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The directory that relative paths of the node's file start from. */
    public static Path directory(Node node) {
        Path parent = Path.of(place(node).file()).toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** Whom problems are told. */
    public Report report() {
        return report;
    }

    /** Reads something below here; {@code segment} is how messages call it. */
    public <T> @Nullable T below(String segment, Supplier<@Nullable T> read) {
        path.addLast(segment);
        try {
            return read.get();
        } finally {
            path.removeLast();
        }
    }

    /** Where we are, for messages: {@code sites.shop.routes[0]}; empty at the top. */
    String where() {
        return String.join(".", path).replace(".[", "[");
    }

    /** Notes that what is being read is written under {@code key}. */
    void wrote(Node key) {
        places.put(where(), place(key));
    }

    /** Where everything that was read is written. */
    public Places places() {
        return new Places(places);
    }

    /** Notes that what {@code file} holds counts. To be said before it is looked into. */
    public void looksInto(Path file) {
        looked.computeIfAbsent(file, Stamp::of);
    }

    /** The files that were looked into, as they were just before that. */
    public Map<Path, Stamp> looked() {
        return new LinkedHashMap<>(looked);
    }

    /** An error at a node, whatever is being read. */
    public void error(Node at, String message, @Nullable String suggestion) {
        report.error(place(at), message, suggestion);
    }

    /** An error about the value that is being read. */
    public void bad(Node at, String message, @Nullable String suggestion) {
        error(at, where().isEmpty() ? message : where() + ": " + message, suggestion);
    }

    /** Something odd about the value that is being read. */
    public void odd(Node at, String message, @Nullable String suggestion) {
        report.warning(place(at), where().isEmpty() ? message : where() + ": " + message, suggestion);
    }

    /** The entries of a mapping, or null after a problem was reported. Nothing written counts as an empty mapping. */
    @Nullable
    List<Entry> entries(Node node) {
        if (isNothing(node)) {
            return List.of();
        }
        if (!(node instanceof MappingNode mapping)) {
            bad(node, "expected a map (key: value), found " + kind(node), null);
            return null;
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            entry(tuple, entries);
        }
        return List.copyOf(entries.values());
    }

    /** The items of a sequence, or null after a problem was reported. Nothing written counts as an empty sequence. */
    public @Nullable List<Node> items(Node node) {
        if (isNothing(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            String hint = node instanceof ScalarNode scalar
                    ? "write [" + scalar.getValue() + "]"
                    : "begin each item with '- '";
            bad(node, "expected a list, found " + kind(node), hint);
            return null;
        }
        return sequence.getValue();
    }

    /** The text of a scalar, expanded, or null after a problem was reported. */
    public @Nullable Text scalar(Node node, String wanted) {
        if (!(node instanceof ScalarNode scalar)) {
            bad(node, "expected " + wanted + ", found " + kind(node), null);
            return null;
        }
        if (isNothing(node)) {
            bad(node, "has no value, expected " + wanted, null);
            return null;
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            bad(node, "the YAML tag " + node.getTag() + " means nothing here", null);
            return null;
        }
        try {
            return new Text(expansion.expand(scalar.getValue()), scalar.getValue());
        } catch (IllegalArgumentException e) {
            bad(node, String.valueOf(e.getMessage()), null);
            return null;
        }
    }

    /** Takes one more node from the budget; false, and a problem reported, when it is used up. */
    public boolean spend(Node node) {
        nodes++;
        if (nodes == MOST_NODES) {
            exhausted = place(node);
        }
        if (exhausted != null) {
            String message = "the configuration is too large: more than " + MOST_NODES + " values";
            report.error(exhausted, message, "an alias counts for all that it stands for");
        }
        return exhausted == null;
    }

    /** What an entry is to a section that has no such key. */
    Later stranger(String section, Entry entry) {
        return later.of(section, entry.name(), entry.value());
    }

    void declare(String kind, String name) {
        declared.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(name);
    }

    /** Notes a use of a name, to be checked once all names are known. */
    public void refer(String kind, String name, Node node) {
        references.add(new Use(kind, name, where(), place(node)));
    }

    /** Reports every reference to a name that was nowhere declared. */
    public void checkReferences() {
        for (Use reference : references) {
            Set<String> known = declared.getOrDefault(reference.kind(), Set.of());
            if (!known.contains(reference.name())) {
                String nearest = Suggestion.didYouMean(reference.name(), known);
                String list = known.isEmpty() ? "there is none" : "there is " + String.join(", ", known);
                String message = reference.where() + ": no " + reference.kind() + " '" + reference.name() + "'";
                report.error(reference.place(), message, nearest == null ? list : nearest);
            }
        }
    }

    /** Whether nothing is written where a value could be ({@code key:}), or null in so many words. */
    public static boolean isNothing(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    private void entry(NodeTuple tuple, Map<String, Entry> entries) {
        Node key = tuple.getKeyNode();
        if (!(key instanceof ScalarNode scalar)) {
            bad(key, "a key must be plain text, found " + kind(key), null);
            return;
        }
        Entry entry = new Entry(scalar.getValue(), key, tuple.getValueNode());
        Entry first = entries.putIfAbsent(entry.name(), entry);
        if (first != null) {
            String message = "'" + entry.name() + "' is set twice" + (where().isEmpty() ? "" : " in " + where());
            error(key, message, "first set at " + place(first.key()));
        }
    }

    private static String kind(Node node) {
        return switch (node.getNodeType()) {
            case SCALAR -> isNothing(node) ? "nothing" : "a single value";
            case SEQUENCE -> "a list";
            case MAPPING -> "a map";
            case ANCHOR -> "an anchor";
        };
    }
}
