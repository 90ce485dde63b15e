package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that has been opened and is closed by another, and what came in it so far. It can be given up at any time: then
 * what came stands in the page as it was written. Confined to one thread.
 */
final class OpenCommand {
    /** What holds the page itself; nothing closes it. */
    static final String PAGE = "";

    static final String IF = "if";
    static final String BLOCK = "block";

    /**
     * What stands between two commands.
     *
     * @param raw the first of them
     * @param test null for none
     */
    private record Branch(Bytes raw, @Nullable Condition test, List<Node> nodes) {}

    private final String name;
    private final String label;
    private final List<Branch> branches = new ArrayList<>();
    private boolean broken;
    private boolean last;

    private OpenCommand(String name, String label, Bytes raw, @Nullable Condition test) {
        this.name = name;
        this.label = label;
        branches.add(new Branch(raw, test, new ArrayList<>()));
    }

    static OpenCommand page() {
        return new OpenCommand(PAGE, "", Bytes.EMPTY, null);
    }

    /** @param label empty where it has none: then the whole of it stands as it was written */
    static OpenCommand block(Bytes raw, String label) {
        OpenCommand block = new OpenCommand(BLOCK, label, raw, null);
        block.broken = label.isEmpty();
        return block;
    }

    /** @param test null where it cannot be read: then the whole of it stands as it was written */
    static OpenCommand choice(Bytes raw, @Nullable Condition test) {
        OpenCommand choice = new OpenCommand(IF, "", raw, test);
        choice.broken = test == null;
        return choice;
    }

    boolean is(String called) {
        return name.equals(called);
    }

    String name() {
        return name;
    }

    void add(Node node) {
        branches.getLast().nodes.add(node);
    }

    void addAll(List<Node> nodes) {
        branches.getLast().nodes.addAll(nodes);
    }

    /** One of the branches of a choice is not understood: all of it has to be given up when it ends. */
    void damage() {
        broken |= name.equals(IF);
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether {@code elif} or {@code else} may follow. */
    boolean mayBranch() {
        return name.equals(IF) && !last;
    }

    /** @param test null for all that is left */
    void branch(Bytes raw, @Nullable Condition test) {
        branches.add(new Branch(raw, test, new ArrayList<>()));
        last = test == null;
    }

    /** All that came in it since the last of its commands. */
    List<Node> nodes() {
        return Nodes.joined(branches.getLast().nodes);
    }

    /** What it would show, were nothing known of its commands. */
    List<Node> givenUp(Bytes close) {
        List<Node> all = new ArrayList<>();
        for (Branch branch : branches) {
            all.add(new Node.Literal(branch.raw));
            all.addAll(branch.nodes);
        }
        all.add(new Node.Literal(close));
        return all;
    }

    /** What a block is called. */
    String label() {
        return label;
    }

    /** What has become of it, now that {@code close} ends it. */
    List<Node> ended(Bytes close) {
        if (broken) {
            return givenUp(close);
        }
        return List.of(name.equals(BLOCK) ? new Node.Block(label, nodes()) : choice());
    }

    private Node.Choose choice() {
        List<Node.When> whens = new ArrayList<>();
        List<Node> otherwise = List.of();
        for (Branch branch : branches) {
            List<Node> nodes = Nodes.joined(branch.nodes);
            if (branch.test == null) {
                otherwise = nodes;
            } else {
                whens.add(new Node.When(branch.test, nodes));
            }
        }
        return new Node.Choose(whens, otherwise);
    }
}
