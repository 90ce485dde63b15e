package io.larder.config.source;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * A value: which files an include means.
 *
 * @param directory from which {@code pattern} starts
 * @param pattern a glob, such as {@code sites/*.yaml}, or a name
 */
public record FileGlob(Path directory, String pattern) {
    private static final int DEEPEST = 8;

    /**
     * The files that are meant, sorted, {@code most} of them at most; a name without wildcards means itself, be it there or
     * not.
     *
     * @throws IOException when a directory cannot be listed
     * @throws IllegalArgumentException when the pattern is no glob, or no path
     */
    public List<Path> matches(int most) throws IOException {
        int wild = firstWildcard();
        if (wild < 0) {
            return List.of(directory.resolve(pattern));
        }
        int slash = pattern.lastIndexOf('/', wild);
        Path base = slash < 0 ? directory : directory.resolve(slash == 0 ? "/" : pattern.substring(0, slash));
        String rest = pattern.substring(slash + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        Path real = base.toRealPath(); // a walk that starts at a link ends there
        try (Stream<Path> all = Files.walk(real, depth(rest))) {
            return all.filter(path -> matcher.matches(real.relativize(path)))
                    .filter(Files::isRegularFile)
                    .map(path -> base.resolve(real.relativize(path)))
                    .sorted()
                    .limit(most)
                    .toList();
        }
    }

    /** How many directories deep what matches {@code glob} can lie: the watching of files walks there again and again. */
    private static int depth(String glob) {
        int slashes = (int) glob.chars().filter(c -> c == '/').count();
        return glob.contains("**") ? DEEPEST : Math.min(DEEPEST, slashes + 1);
    }

    private int firstWildcard() {
        for (int i = 0; i < pattern.length(); i++) {
            if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }
}
