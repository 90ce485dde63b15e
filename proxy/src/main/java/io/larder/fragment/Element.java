package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element that has been opened, and what came in it so far. It can be given up at any time: then what came stands in the
 * page as it was written. Confined to one thread.
 */
final class Element {
    /** What elements contain. */
    sealed interface Item {
        /** Something that is understood. */
        record Shown(Node node) implements Item {}

        /** A part of a choice or of an attempt, which means nothing by itself. */
        record Part(Tag tag, @Nullable Condition test, Bytes open, List<Item> items, Bytes close) implements Item {}
    }

    /** What holds the page itself; nothing closes it. */
    static final String PAGE = "";

    /** What {@code <!--esi} opens. */
    static final String COMMENT = "!--";

    private final String name;
    private final @Nullable Tag tag;
    private final @Nullable Condition test;
    private final Bytes open;
    private final List<Item> items = new ArrayList<>();
    private boolean broken;

    Element(String name, @Nullable Tag tag, @Nullable Condition test, Bytes open) {
        this.name = name;
        this.tag = tag;
        this.test = test;
        this.open = open;
    }

    String name() {
        return name;
    }

    /** As what opened it says; null where no tag did. */
    @Nullable
    String attribute(String called) {
        return tag == null ? null : tag.attribute(called);
    }

    void add(Node node) {
        items.add(new Item.Shown(node));
    }

    void addAll(List<Item> more) {
        items.addAll(more);
    }

    /** Something in it is not understood: where that makes a difference, it has to be given up. */
    void damage() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    List<Item> items() {
        return items;
    }

    /** It as a part of the element around it. */
    Item.Part closed(Bytes close) {
        if (tag == null) {
            throw new IllegalStateException("no part of anything: " + name);
        }
        return new Item.Part(tag, test, open, List.copyOf(items), close);
    }

    /** What it would show, were nothing known of its tags. */
    List<Item> givenUp(Bytes close) {
        List<Item> all = new ArrayList<>();
        all.add(new Item.Shown(new Node.Literal(open)));
        all.addAll(items);
        all.add(new Item.Shown(new Node.Literal(close)));
        return all;
    }

    /** The parts called so. */
    List<Item.Part> parts(String called) {
        List<Item.Part> found = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.Part part && part.tag().name().equals(called)) {
                found.add(part);
            }
        }
        return found;
    }
}
