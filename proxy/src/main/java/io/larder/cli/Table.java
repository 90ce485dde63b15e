package io.larder.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns, numbers to the right. Confined to one thread. */
final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(head);
    }

    /** Adds a row with as many cells as the head. */
    void row(String... cells) {
        rows.add(cells);
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths[i] = rows.stream()
                    .mapToInt(row -> Printable.of(row[column]).length())
                    .max()
                    .orElse(0);
            numbers[i] = rows.stream().skip(1).allMatch(row -> row[column].matches("[0-9]+"));
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = Printable.of(row[i]);
                String room = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : GAP).append(numbers[i] ? room + cell : cell + room);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
