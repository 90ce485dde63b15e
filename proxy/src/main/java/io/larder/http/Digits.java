package io.larder.http;

/** Decimal numbers: in fields {@code 1*DIGIT} and nothing else. */
public final class Digits {
    /** What larger numbers are taken for: no representation is that long. */
    static final long MOST = Long.MAX_VALUE - 1;

    private Digits() {}

    /** Writes {@code number} to {@code out} from {@code at} on; answers where it ends. */
    public static int write(long number, byte[] out, int at) {
        int from = at;
        if (number < 0) {
            out[from++] = '-';
        }
        int end = from;
        for (long rest = number; rest != 0 || end == from; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= from; i--) {
            out[i] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        }
        return end;
    }

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
