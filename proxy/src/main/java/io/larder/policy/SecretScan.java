package io.larder.policy;

import io.larder.http.Bytes;
import java.util.Set;

/**
 * Looks through octets, whatever the segments they lie in, for one secret: plain, or under any mask. What it finds is that
 * secret's, wherever it stands: that 64 characters become it by chance happens once in 62^32. Confined to one thread.
 */
final class SecretScan {
    private static final int ALL = DjangoToken.MASKED;
    private static final int HALF = DjangoToken.SECRET;
    private static final int SIZE = DjangoToken.ALPHABET.length();

    private final byte[] secret = new byte[HALF]; // places in the alphabet
    private final byte[] last = new byte[ALL]; // of the last characters, the one at n in place n % 64
    private final Set<String> tokens;
    private long run; // letters and digits since the last octet that was none

    /**
     * @param secret without a mask
     * @param tokens where they go
     */
    SecretScan(String secret, Set<String> tokens) {
        for (int i = 0; i < HALF; i++) {
            this.secret[i] = (byte) DjangoToken.index(secret.charAt(i));
        }
        this.tokens = tokens;
    }

    /** Looks through all of {@code page}. */
    void through(Bytes page) {
        for (Bytes.Segment segment : page.segments()) {
            int end = segment.offset() + segment.length();
            for (int i = segment.offset(); i < end; i++) {
                take(DjangoToken.index(segment.array()[i] & 0xff));
            }
        }
    }

    private void take(int index) {
        if (index < 0) {
            run = 0;
            return;
        }
        last[(int) (run % ALL)] = (byte) index;
        run++;
        if (run >= HALF && isPlain()) {
            found(HALF);
        }
        if (run >= ALL && isMasked()) {
            found(ALL);
        }
    }

    private boolean isPlain() {
        for (int i = 0; i < HALF; i++) {
            if (at(HALF - i) != secret[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isMasked() {
        for (int i = 0; i < HALF; i++) {
            if ((secret[i] + at(ALL - i)) % SIZE != at(HALF - i)) {
                return false;
            }
        }
        return true;
    }

    /** The character that came {@code back} characters ago; the last came 1 ago. */
    private int at(int back) {
        return last[(int) ((run - back) % ALL)];
    }

    private void found(int length) {
        StringBuilder token = new StringBuilder(length);
        for (int back = length; back > 0; back--) {
            token.append(DjangoToken.ALPHABET.charAt(at(back)));
        }
        if (tokens.size() <= FormTokens.MOST) {
            tokens.add(token.toString());
        }
    }
}
