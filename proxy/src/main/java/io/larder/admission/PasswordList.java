package io.larder.admission;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and what is kept of their passwords, read from lines {@code name:hash}; blank lines and those that begin with
 * {@code #} count for nothing.
 *
 * @param stranger stands in for whoever is not there, so that nobody learns who is by how long a check takes
 */
public record PasswordList(Map<String, PasswordHash> hashes, PasswordHash stranger) {
    public PasswordList {
        hashes = Map.copyOf(hashes);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException as {@link #fault} says
     */
    public static PasswordList of(String text) {
        Map<String, PasswordHash> hashes = new HashMap<>();
        int number = 0;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next().strip();
            number++;
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(hashes, line, number);
            }
        }
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("has no name in it: larder password makes lines for it");
        }
        int dearest = hashes.values().stream()
                .mapToInt(PasswordHash::iterations)
                .max()
                .orElseThrow();
        Bytes nothing = Bytes.of(new byte[PasswordHash.SALT]);
        return new PasswordList(hashes, new PasswordHash(dearest, nothing, nothing));
    }

    private static void add(Map<String, PasswordHash> hashes, String line, int number) {
        int colon = line.indexOf(':');
        PasswordHash hash = colon < 1 ? null : PasswordHash.parse(line.substring(colon + 1));
        if (hash == null) {
            throw new IllegalArgumentException("has a line " + number
                    + " that is not name:$pbkdf2-sha256$i=...$salt$hash: larder password makes such lines");
        }
        if (hashes.put(line.substring(0, colon), hash) != null) {
            throw new IllegalArgumentException("has the name of line " + number + " twice");
        }
    }

    /** What is wrong with a file of this content, as it goes on behind its name; null: nothing. */
    public static @Nullable String fault(byte[] content) {
        try {
            of(new String(content, StandardCharsets.UTF_8));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether {@code password} is that of {@code name}; takes its time, so never on a loop. */
    public boolean has(String name, String password) {
        PasswordHash hash = hashes.get(name);
        boolean same = (hash == null ? stranger : hash).isOf(password);
        return same && hash != null;
    }
}
