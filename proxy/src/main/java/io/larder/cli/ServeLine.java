package io.larder.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The usual forms of {@code larder serve}, read by hand. Half of a start would be spent on having picocli read its
 * annotations, so whatever is not in one of these forms goes to picocli, which also says what is wrong with it.
 */
record ServeLine(Source source, @Nullable Path pidFile) {
    private static final Set<String> OPTIONS = Set.of("--config", "--upstream", "--bind", "--pid-file");
    private static final String NO_WATCH = "--no-watch";

    /** Null for anything but {@code serve} with options of its own, each once, each that takes one followed by its value. */
    static @Nullable ServeLine read(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("serve")) {
            return null;
        }
        Map<String, String> given = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String option = arguments[i].equals("-c") ? "--config" : arguments[i];
            String value = option.equals(NO_WATCH) ? NO_WATCH : i + 1 < arguments.length ? arguments[++i] : "";
            boolean known = option.equals(NO_WATCH) || (OPTIONS.contains(option) && isPlain(value));
            if (!known || given.put(option, value) != null) {
                return null;
            }
        }
        return of(given);
    }

    /** What picocli takes as it stands: no option, no quotes to be taken off, no file of arguments, no reference. */
    private static boolean isPlain(String value) {
        return !value.isEmpty() && "-\"'@".indexOf(value.charAt(0)) < 0 && value.indexOf('$') < 0;
    }

    private static @Nullable ServeLine of(Map<String, String> given) {
        String upstream = given.get("--upstream");
        String bind = given.get("--bind");
        String config = given.get("--config");
        if (upstream == null ? bind != null : config != null) {
            return null;
        }
        try {
            String pid = given.get("--pid-file");
            Path file = config == null ? ConfigOption.DEFAULT : Path.of(config);
            Source source = upstream == null
                    ? new Source.ConfigFile(file, !given.containsKey(NO_WATCH))
                    : new Source.Fronting(upstream, bind == null ? Serve.DEFAULT_BIND : bind);
            return new ServeLine(source, pid == null ? null : Path.of(pid));
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
