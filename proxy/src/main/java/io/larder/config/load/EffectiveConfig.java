package io.larder.config.load;

import io.larder.config.LarderConfig;
import io.larder.config.keys.LarderKeys;
import io.larder.config.source.Secrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The configuration as it is in effect, as YAML: defaults filled in, includes merged. What came from the environment into
 * texts is shown as {@code ${NAME}}; header values that are secrets by their name, and passwords in URIs, are masked. Unless something was
 * masked it loads again as an equal configuration.
 */
public final class EffectiveConfig {
    private static final List<String> SECRET_WORDS =
            List.of("authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "credential");

    private EffectiveConfig() {}

    /** The YAML text. */
    public static String render(LarderConfig config) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setDereferenceAliases(true)
                .setWidth(200)
                .build();
        return new Dump(settings).dumpToString(masked(LarderKeys.SECTION.write(config)));
    }

    private static Object masked(Object tree) {
        return masked(tree, false);
    }

    /** @param fields whether the keys are names of header fields */
    private static Object masked(Object tree, boolean fields) {
        if (tree instanceof List<?> list) {
            return list.stream().map(EffectiveConfig::masked).toList();
        }
        if (!(tree instanceof Map<?, ?> map)) {
            return tree;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), masked(String.valueOf(key), value, fields)));
        return copy;
    }

    /**
     * The value of a key, as it may be shown.
     *
     * @param field whether the key is the name of a header field
     */
    static Object masked(String key, Object value, boolean field) {
        boolean secret = field && isSecret(key) && !String.valueOf(value).contains("${");
        return secret ? Secrets.MASK : masked(value, holdsFields(key));
    }

    /** Whether the keys below {@code key} are names of header fields. */
    static boolean holdsFields(String key) {
        return key.equals("set") || key.equals("header") || key.equals("cookie");
    }

    private static boolean isSecret(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(name::contains);
    }
}
