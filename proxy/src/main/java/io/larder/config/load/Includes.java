package io.larder.config.load;

import io.larder.config.bind.Binding;
import io.larder.config.source.FileGlob;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import io.larder.config.source.Sources;
import io.larder.config.source.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a file and all that it includes, and merges them into one tree. Confined to one loading. */
final class Includes {
    private static final int MOST_FILES = 1000;

    private final Binding binding;
    private final Report report;

    /** By real path, so that a file is read once whatever ways lead to it. */
    private final Map<Path, Path> files = new LinkedHashMap<>();

    private final List<MappingNode> roots = new ArrayList<>();
    private final Map<FileGlob, List<Path>> globs = new LinkedHashMap<>();

    Includes(Binding binding) {
        this.binding = binding;
        this.report = binding.report();
    }

    /** Reads the main file and what it includes. */
    void read(Path main) {
        int before = report.errors();
        read(main, Place.of(main.toString()));
        if (roots.isEmpty() && report.errors() == before) {
            String least = "at least 'listeners' and 'sites' must be there";
            report.error(new Place(main.toString(), 1, 1), "the file is empty: " + least, null);
        }
    }

    /** The files read, the main one first. */
    List<Path> files() {
        return List.copyOf(files.values());
    }

    /** What was read of files, and looked into, until now. */
    Sources sources() {
        return new Sources(binding.looked(), globs);
    }

    /**
     * The merged tree: maps under the same top-level key become one. What is written twice stays there twice, to be found
     * like any other duplicate. Null when there is nothing to merge.
     */
    @Nullable
    MappingNode merged() {
        Map<String, NodeTuple> byKey = new LinkedHashMap<>();
        List<NodeTuple> tuples = new ArrayList<>();
        for (MappingNode root : roots) {
            Map<String, NodeTuple> own = new LinkedHashMap<>();
            for (NodeTuple tuple : root.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                NodeTuple earlier = byKey.get(key);
                if (key.equals("include")) {
                    continue;
                }
                if (earlier != null && joins(earlier, tuple)) {
                    NodeTuple joined = joined(earlier, tuple);
                    tuples.set(tuples.indexOf(earlier), joined);
                    byKey.put(key, joined);
                } else {
                    tuples.add(tuple);
                    own.putIfAbsent(key, tuple);
                }
            }
            own.forEach(byKey::putIfAbsent);
        }
        return roots.isEmpty() ? null : map(tuples, roots.get(0));
    }

    private void read(Path file, Place blamed) {
        if (files.size() == MOST_FILES) {
            report.error(blamed, "more than " + MOST_FILES + " files are included", null);
        }
        if (files.size() >= MOST_FILES || files.putIfAbsent(real(file), file) != null) {
            return;
        }
        binding.looksInto(file);
        String text = SourceText.read(file, blamed, report);
        MappingNode root = text == null ? null : YamlText.compose(file.toString(), text, report);
        if (root != null) {
            roots.add(root);
            root.getValue().forEach(tuple -> include(tuple, file));
        }
    }

    private void include(NodeTuple tuple, Path file) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key) || !key.getValue().equals("include")) {
            return;
        }
        binding.below("include", () -> {
            List<Node> items = binding.items(tuple.getValueNode());
            (items == null ? List.<Node>of() : items).forEach(item -> include(item, file));
            return items;
        });
    }

    private void include(Node item, Path file) {
        Text glob = binding.scalar(item, "a file name or glob");
        if (glob == null) {
            return;
        }
        try {
            Path parent = file.getParent();
            FileGlob meant = new FileGlob(parent == null ? Path.of("") : parent, glob.value());
            globs.put(meant, List.of());
            List<Path> matches = meant.matches(MOST_FILES);
            globs.put(meant, matches);
            matches.forEach(match -> read(match, Binding.place(item)));
        } catch (PatternSyntaxException | InvalidPathException e) {
            binding.bad(item, "'" + glob.written() + "' is not a glob", "write something like sites/*.yaml");
        } catch (IOException | UncheckedIOException e) {
            binding.bad(item, "'" + glob.written() + "' cannot be listed", null);
        }
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    private static boolean joins(NodeTuple earlier, NodeTuple tuple) {
        return isMap(earlier.getValueNode()) && isMap(tuple.getValueNode());
    }

    private static boolean isMap(Node node) {
        return node instanceof MappingNode || Binding.isNothing(node);
    }

    private static NodeTuple joined(NodeTuple earlier, NodeTuple tuple) {
        List<NodeTuple> all = new ArrayList<>(tuples(earlier.getValueNode()));
        all.addAll(tuples(tuple.getValueNode()));
        return new NodeTuple(earlier.getKeyNode(), map(all, earlier.getValueNode()));
    }

    private static List<NodeTuple> tuples(Node node) {
        return node instanceof MappingNode map ? map.getValue() : List.of();
    }

    private static MappingNode map(List<NodeTuple> tuples, Node like) {
        return new MappingNode(Tag.MAP, true, tuples, FlowStyle.BLOCK, like.getStartMark(), like.getEndMark());
    }
}
