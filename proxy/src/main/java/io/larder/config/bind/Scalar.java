package io.larder.config.bind;

import io.larder.config.source.Text;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A single value that is read from text.
 *
 * @param noun what it is, for messages: "a duration"
 * @param example what to write, for suggestions: "write 250ms, 30s, 5m, 1h or 1d"; null: the noun says it
 * @param schema the JSON Schema
 */
public record Scalar<T>(
        String noun, @Nullable String example, Parser<T> parser, Writer<T> writer, Map<String, Object> schema)
        implements Type<T> {

    /** Reads a value from text. */
    @FunctionalInterface
    public interface Parser<T> {
        /**
         * The value, or null when the text is not one.
         *
         * @throws IllegalArgumentException saying more closely why it is not; without the text, which may be a secret
         */
        @Nullable
        T parse(String text);
    }

    /** Writes a value as a YAML scalar: a string, a number or a boolean. */
    @FunctionalInterface
    public interface Writer<T> {
        Object write(T value);
    }

    /** A word for each constant of an enum, kebab-case; {@code later} are words that are reserved. */
    public static <E extends Enum<E>> Scalar<E> choice(Class<E> type, String... later) {
        Map<String, E> words = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(constant -> words.put(word(constant), constant));
        return choice(words, later);
    }

    /** One of some words. */
    public static <T> Scalar<T> choice(Map<String, T> words, String... later) {
        String list = String.join(", ", words.keySet());
        return new Scalar<>(
                words.size() == 1 ? list : "one of " + list,
                null,
                text -> chosen(text, words, Set.of(later)),
                value -> written(value, words),
                Schemas.of("enum", forms(words.keySet())));
    }

    @Override
    public @Nullable T read(Node node, Binding binding) {
        Text text = binding.spend(node) ? binding.scalar(node, noun) : null;
        return text == null ? null : read(text, node, binding);
    }

    @Override
    public Object write(T value) {
        return writer.write(value);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return schema;
    }

    private @Nullable T read(Text text, Node node, Binding binding) {
        try {
            T value = parser.parse(text.value());
            if (value == null) {
                binding.bad(node, "'" + text.written() + "' is not " + noun, hint(text));
            }
            return value;
        } catch (IllegalArgumentException e) {
            binding.bad(node, "'" + text.written() + "' " + e.getMessage(), example);
            return null;
        }
    }

    private @Nullable String hint(Text text) {
        boolean ofEnvironment = !text.value().equals(text.written());
        String nearest = !ofEnvironment && schema.get("enum") instanceof List<?> words
                ? Suggestion.didYouMean(
                        text.value(), words.stream().map(String::valueOf).toList())
                : null;
        return nearest == null ? example : nearest;
    }

    private static <T> @Nullable T chosen(String text, Map<String, T> words, Set<String> later) {
        if (later.contains(text)) {
            throw new IllegalArgumentException("is not supported yet");
        }
        // YAML 1.1 tools and habits write false where off is meant.
        T same = words.get(text);
        return same != null ? same : words.get(text.equals("false") ? "off" : text.equals("true") ? "on" : text);
    }

    private static <T> Object written(T value, Map<String, T> words) {
        return words.entrySet().stream()
                .filter(word -> word.getValue().equals(value))
                .map(word -> number(word.getKey()))
                .findFirst()
                .orElseThrow();
    }

    /** Words that are numbers can be written as numbers, too. */
    private static List<Object> forms(Set<String> words) {
        return words.stream()
                .flatMap(word -> Stream.<Object>of(word, number(word)).distinct())
                .toList();
    }

    private static Object number(String word) {
        return word.chars().allMatch(Character::isDigit) ? (Object) Integer.valueOf(word) : word;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
