package io.larder.config.keys;

import io.larder.config.LogConfig;
import io.larder.config.LogConfig.AccessLog;
import io.larder.config.LogConfig.Format;
import io.larder.config.LogConfig.Level;
import io.larder.config.LogConfig.Target;
import io.larder.config.bind.Binding;
import io.larder.config.bind.FilePath;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys of {@code log}. */
final class LogKeys {
    private static final Key<AccessLog, Format> FORMAT =
            Key.of("format", Scalar.choice(Format.class), Format.JSON, AccessLog::format, "One line for each request.");
    private static final Key<AccessLog, Target> TO = Key.of(
            "to",
            new TargetType(new FilePath()),
            new Target.Stdout(),
            AccessLog::to,
            "stdout, stderr or a file, relative to this one.");
    private static final Key<AccessLog, Double> SAMPLE =
            Key.of("sample", Scalars.RATIO, 1.0, AccessLog::sample, "The share of requests that is logged.");
    private static final Section<AccessLog> ACCESS_SECTION = new Section<>(
            "access-log",
            "The access log.",
            values -> new AccessLog(values.get(FORMAT), values.get(TO), values.get(SAMPLE)),
            FORMAT,
            TO,
            SAMPLE);

    private static final Key<LogConfig, Level> LEVEL = Key.of(
            "level", Scalar.choice(Level.class), Level.INFO, LogConfig::level, "The least that the gateway logs.");
    private static final Key<LogConfig, AccessLog> ACCESS =
            Key.of("access", ACCESS_SECTION, ACCESS_SECTION.defaults(), LogConfig::access, "The access log.");

    static final Section<LogConfig> SECTION = new Section<>(
            "log",
            "What is written to logs.",
            values -> new LogConfig(values.get(LEVEL), values.get(ACCESS)),
            LEVEL,
            ACCESS);

    private LogKeys() {}

    /** A standard stream or a file. */
    private record TargetType(FilePath path) implements Type<Target> {
        @Override
        public @Nullable Target read(Node node, Binding binding) {
            String word = node instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (word.equals("stdout")) {
                return new Target.Stdout();
            }
            if (word.equals("stderr")) {
                return new Target.Stderr();
            }
            Path file = path.read(node, binding);
            return file == null ? null : new Target.ToFile(file);
        }

        @Override
        public Object write(Target target) {
            return switch (target) {
                case Target.Stdout stdout -> "stdout";
                case Target.Stderr stderr -> "stderr";
                case Target.ToFile file -> path.write(file.path());
            };
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return path.schema(definitions);
        }
    }
}
