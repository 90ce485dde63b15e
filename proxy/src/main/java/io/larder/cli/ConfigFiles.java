package io.larder.cli;

import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.EffectiveConfig;
import io.larder.config.load.Problems;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads configurations from where they are: a value. */
public record ConfigFiles(UnaryOperator<@Nullable String> environment) implements Configs {
    @Override
    public Verdict read(Source source, boolean strict) {
        Loaded loaded = load(source);
        return verdict(strict ? ConfigLoader.strict(loaded) : loaded);
    }

    Loaded load(Source source) {
        return switch (source) {
            case Source.ConfigFile file -> read(file).loaded();
            case Source.Fronting options -> ConfigLoader.fronting(options.upstream(), options.bind());
        };
    }

    /** Reads a file so that it can be read again. */
    ConfigLoader.Reading read(Source.ConfigFile file) {
        return ConfigLoader.read(file.path(), environment);
    }

    private static Verdict verdict(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good good ->
                new Verdict(
                        true,
                        good.warnings().size(),
                        Problems.text(good.warnings()),
                        Problems.json(good.warnings()),
                        EffectiveConfig.render(good.config()));
            case Loaded.Bad bad ->
                new Verdict(
                        false, bad.problems().size(), Problems.text(bad.problems()), Problems.json(bad.problems()), "");
        };
    }
}
