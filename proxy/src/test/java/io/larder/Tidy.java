package io.larder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules over source text, for what the compiled classes no longer show. The rules stand in {@link TidyTest}. */
final class Tidy {

    /** A Java file; {@code path} is relative to the source root. */
    record Source(String path, String text) {
        String room() {
            List<String> parts = List.of(path.split("/"));
            return parts.size() < 4 ? "" : parts.get(2);
        }

        /** The text without its comments and literals, every line where it was. */
        String code() {
            return COMMENT_OR_LITERAL
                    .matcher(text)
                    .replaceAll(found -> "\n".repeat((int) found.group().lines().count() - 1));
        }
    }

    /** Text that must not be; {@code inCode} looks past comments and literals. */
    record Rule(String name, boolean inCode, Pattern forbidden, Predicate<Source> except) {
        Rule(String name, boolean inCode, Pattern forbidden) {
            this(name, inCode, forbidden, source -> false);
        }

        Stream<String> violations(Source source) {
            if (except.test(source)) {
                return Stream.empty();
            }
            String looked = inCode ? source.code() : source.text();
            return forbidden
                    .matcher(looked)
                    .results()
                    .map(found -> source.path() + ":" + lineAt(looked, found.start()) + " " + name);
        }
    }

    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(String.join(
            "|",
            "\"\"\"(?s:.*?)\"\"\"",
            "\"(?:[^\"\\\\\\n]|\\\\.)*+\"",
            "'(?:[^'\\\\\\n]|\\\\.)++'",
            "//[^\\n]*+",
            "/\\*(?s:.*?)\\*/"));

    private Tidy() {}

    static List<String> violations(List<Source> sources, List<Rule> rules) {
        return sources.stream()
                .flatMap(source -> rules.stream().flatMap(rule -> rule.violations(source)))
                .toList();
    }

    /** Files that are longer than {@code limit} lines. */
    static List<String> longerThan(int limit, List<Source> sources) {
        return sources.stream()
                .filter(source -> source.text().lines().count() > limit)
                .map(source -> source.path() + " is longer than " + limit + " lines")
                .toList();
    }

    /** Packages whose description is missing. */
    static List<String> withoutDescription(List<Source> sources) {
        Predicate<Source> describes = source ->
                source.path().endsWith("/package-info.java") && source.text().startsWith("/**");
        Set<String> described =
                Set.copyOf(sources.stream().filter(describes).map(Tidy::folder).toList());
        return sources.stream()
                .map(Tidy::folder)
                .filter(folder -> !described.contains(folder))
                .distinct()
                .toList();
    }

    /** Every Java file below {@code root}, in the order of their names. */
    static List<Source> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .map(file -> read(root, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source read(Path root, Path file) {
        try {
            String path = root.relativize(file).toString().replace('\\', '/');
            return new Source(path, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String folder(Source source) {
        return source.path().substring(0, source.path().lastIndexOf('/'));
    }

    private static long lineAt(String text, int offset) {
        return 1 + text.chars().limit(offset).filter(c -> c == '\n').count();
    }
}
