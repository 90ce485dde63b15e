package io.larder.config.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value: what a configuration was read from, as the file system showed it: itself, what it includes, and the files that it
 * names because of what they hold.
 *
 * @param files those that were looked for, be they there or not
 * @param globs what each include meant
 */
public record Sources(Map<Path, Stamp> files, Map<FileGlob, List<Path>> globs) {
    private static final int MOST_FILES = 1000;
    private static final int MOST_BYTES = 8 << 20; // of one file: more than is ever read of any

    public Sources {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        globs = Collections.unmodifiableMap(new LinkedHashMap<>(globs));
    }

    /** The same, as the file system shows it now. Blocks. */
    public Sources now() {
        Map<Path, Stamp> stamps = new LinkedHashMap<>();
        files.keySet().forEach(file -> stamps.put(file, Stamp.of(file)));
        Map<FileGlob, List<Path>> matches = new LinkedHashMap<>();
        globs.keySet().forEach(glob -> matches.put(glob, matches(glob)));
        return new Sources(stamps, matches);
    }

    private static List<Path> matches(FileGlob glob) {
        try {
            return glob.matches(MOST_FILES);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Tells what all of the files hold from anything else that they may. Reads them now, and blocks. */
    public String digest() {
        MessageDigest digest = sha256();
        globs.forEach((glob, matches) -> digest.update((glob + " " + matches + "\n").getBytes(StandardCharsets.UTF_8)));
        digests().forEach((file, held) -> digest.update((file + " " + held + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Tells what each of the files holds from anything else that it may. Reads them now, and blocks. */
    public Map<Path, String> digests() {
        Map<Path, String> digests = new LinkedHashMap<>();
        files.keySet().forEach(file -> digests.put(file, HexFormat.of().formatHex(sha256().digest(content(file)))));
        return digests;
    }

    /** Nothing of what is no file: a pipe would keep whoever opens it waiting. */
    private static byte[] content(Path file) {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
