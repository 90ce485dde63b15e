package io.larder.http;

/** Decimal numbers in fields: {@code 1*DIGIT} and nothing else. */
final class Digits {
    /** What larger numbers are taken for: no representation is that long. */
    static final long MOST = Long.MAX_VALUE - 1;

    private Digits() {}

    /** The number that stands from {@code start} to {@code end}, at most {@link #MOST}; -1 where there is none. */
    static long parse(String text, int start, int end) {
        long number = start < end ? 0 : -1;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number > (MOST - digit) / 10 ? MOST : number * 10 + digit;
        }
        return number;
    }
}
