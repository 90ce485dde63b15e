package io.larder.config.load;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.bind.Binding;
import io.larder.config.keys.Fronting;
import io.larder.config.keys.LarderKeys;
import io.larder.config.keys.LaterKeys;
import io.larder.config.source.Expansion;
import io.larder.config.source.Report;
import io.larder.config.source.Sources;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads configuration files into records. Never throws for what is in the files or missing from them. */
public final class ConfigLoader {
    /**
     * A configuration that can be read again.
     *
     * @param sources what it was read from, however that went
     */
    public record Reading(Loaded loaded, Sources sources) {}

    private ConfigLoader() {}

    /**
     * Reads a file and what it includes.
     *
     * @param environment the value of an environment variable, or null when it is not set
     */
    public static Loaded load(Path main, UnaryOperator<@Nullable String> environment) {
        return read(main, environment).loaded();
    }

    /** As {@link #load}, and says from where. */
    public static Reading read(Path main, UnaryOperator<@Nullable String> environment) {
        Report report = new Report();
        Binding binding = new Binding(report, new Expansion(environment), LaterKeys::of);
        Includes includes = new Includes(binding);
        includes.read(main);
        Loaded loaded = loaded(includes, binding);
        return new Reading(loaded, includes.sources());
    }

    private static Loaded loaded(Includes includes, Binding binding) {
        Report report = binding.report();
        MappingNode root = includes.merged();
        if (root == null) {
            return new Bad(report.problems());
        }
        LarderConfig config = LarderKeys.SECTION
                .readWhatIsGood(root, binding)
                .readFrom(includes.files())
                .writtenAt(binding.places());
        binding.checkReferences();
        Consistency.check(config, report);
        if (report.errors() > 0) {
            return new Bad(report.problems());
        }
        Oddities.warn(config, report);
        return new Good(config, report.problems());
    }

    /** Whether a warning makes a configuration unusable too. */
    public static Loaded strict(Loaded loaded) {
        return switch (loaded) {
            case Good good when !good.warnings().isEmpty() -> new Bad(good.warnings());
            case Good good -> good;
            case Bad bad -> bad;
        };
    }

    /**
     * The configuration of a gateway in front of one application, without any file.
     *
     * @param upstreamUrl such as {@code http://127.0.0.1:8000}
     * @param bind such as {@code :8080}
     */
    public static Loaded fronting(String upstreamUrl, String bind) {
        return Fronting.of(upstreamUrl, bind);
    }
}
