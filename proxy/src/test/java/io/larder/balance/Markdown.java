package io.larder.balance;

import java.util.Locale;

/** A page that is put together from paragraphs and tables. */
final class Markdown {
    private final StringBuilder page = new StringBuilder();

    Markdown text(String paragraph) {
        page.append(paragraph).append("\n\n");
        return this;
    }

    Markdown table(String... columns) {
        row((Object[]) columns);
        page.append("|---").append("|---:".repeat(columns.length - 1)).append("|\n");
        return this;
    }

    Markdown row(Object... cells) {
        for (Object cell : cells) {
            page.append("| ").append(cell).append(' ');
        }
        page.append("|\n");
        return this;
    }

    /** What follows is not of the table. */
    Markdown end() {
        page.append('\n');
        return this;
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    static String millis(long nanos) {
        return nanos < 10_000_000_000L
                ? String.format(Locale.ROOT, "%d ms", Math.round(nanos / 1e6))
                : String.format(Locale.ROOT, "%d s", Math.round(nanos / 1e9));
    }

    @Override
    public String toString() {
        return page.toString().stripTrailing() + "\n";
    }
}
