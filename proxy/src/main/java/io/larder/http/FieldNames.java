package io.larder.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of field names that lines are held against: one look for each line, however many names there are. A value. */
public final class FieldNames {
    /** No names at all. */
    public static final FieldNames NONE = of();

    private final List<FieldName> names;
    private final @Nullable FieldName[] table; // open addressing, never more than half full
    private final int mask;

    private FieldNames(Collection<FieldName> names) {
        this.names = List.copyOf(names);
        this.table = new FieldName[Integer.highestOneBit(names.size() + 1) * 4];
        this.mask = table.length - 1;
        for (FieldName name : names) {
            int slot = start(name.hashCode());
            while (table[slot] != null && !name.equals(table[slot])) {
                slot = (slot + 1) & mask;
            }
            table[slot] = name;
        }
    }

    public static FieldNames of(FieldName... names) {
        return new FieldNames(List.of(names));
    }

    public static FieldNames of(Collection<FieldName> names) {
        return new FieldNames(names);
    }

    /** These and {@code more}. */
    public FieldNames with(Collection<FieldName> more) {
        List<FieldName> all = new ArrayList<>(names);
        all.addAll(more);
        return new FieldNames(all);
    }

    /** Whether line {@code i} of {@code headers} is called by one of them. */
    public boolean include(Headers headers, int i) {
        for (int slot = start(headers.nameHash(i)); ; slot = (slot + 1) & mask) {
            FieldName name = table[slot];
            if (name == null) {
                return false;
            }
            if (headers.is(i, name)) {
                return true;
            }
        }
    }

    public boolean include(FieldName name) {
        return names.contains(name);
    }

    /** Whether any line of {@code headers} is called by one of them. */
    public boolean includeAnyOf(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (include(headers, i)) {
                return true;
            }
        }
        return false;
    }

    private int start(int hash) {
        return (hash ^ (hash >>> 16)) & mask;
    }
}
