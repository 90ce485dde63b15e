package io.larder.policy.tripwire;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for in a body.
 *
 * @param needles values that only the visitor has
 * @param tokens whether the body is HTML that may carry a token of the visitor's
 */
public record Tripwire(Needles needles, boolean tokens) {
    /** The most values that are looked for; whoever sends more is not looked after. */
    public static final int MOST = 256;

    /**
     * A value that the visitor sent.
     *
     * @param value one octet a character
     * @param certain whether it is known to tell who asks, however common it looks
     */
    public record Secret(String value, Find find, boolean certain) {}

    /** Looks for {@code secrets}, all but the commonplace ones. */
    public static Tripwire of(List<Secret> secrets, boolean tokens) {
        List<Needles.Needle> needles = new ArrayList<>();
        for (Secret secret : secrets) {
            String plain = Spellings.decoded(secret.value());
            if (secret.certain() || !(Commonplace.includes(secret.value()) || Commonplace.includes(plain))) {
                for (String spelling : Spellings.of(secret.value())) {
                    if (spelling.length() >= Needles.SHORTEST) {
                        needles.add(new Needles.Needle(spelling, secret.find()));
                    }
                }
            }
        }
        return new Tripwire(new Needles(needles), tokens);
    }

    /** Whether there is nothing to look for. */
    public boolean isIdle() {
        return needles.isEmpty() && !tokens;
    }

    /** A look through one body. */
    public Look look() {
        return new Look(needles.scan(), tokens ? new TokenScan() : null);
    }

    /** A look through a body, whatever the chunks it comes in. Confined to one thread. */
    public static final class Look {
        private final Needles.Scan values;
        private final @Nullable TokenScan tokens;

        private Look(Needles.Scan values, @Nullable TokenScan tokens) {
            this.values = values;
            this.tokens = tokens;
        }

        /** Takes the next octets; answers whether something has been found, so that the rest need not be looked at. */
        public boolean take(Bytes.Segment chunk) {
            return values.take(chunk) || (tokens != null && tokens.take(chunk));
        }

        /** What was found, or null. */
        public @Nullable Find found() {
            Find value = values.found();
            return value != null || tokens == null ? value : tokens.found();
        }
    }
}
