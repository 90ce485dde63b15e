package io.larder.cli;

/** Text that came from elsewhere, made safe for a terminal. */
final class Printable {
    private Printable() {}

    /** {@code text} without control characters other than line feed and tab: they would act on the terminal. */
    static String of(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f&&[^\\n\\t]]", "\uFFFD");
    }
}
