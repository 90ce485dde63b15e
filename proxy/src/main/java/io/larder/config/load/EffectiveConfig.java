package io.larder.config.load;

import io.larder.config.LarderConfig;
import io.larder.config.keys.LarderKeys;
import io.larder.config.source.Secrets;
import io.larder.http.SecretFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The configuration as it is in effect, as YAML: defaults filled in, includes merged. What came from the environment into
 * texts is shown as {@code ${NAME}}; header values that are secrets by their name, and passwords in URIs, are masked. Unless something was
 * masked it loads again as an equal configuration.
 */
public final class EffectiveConfig {
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

    /**
     * {@code tree} as it may be shown to whoever reads what the gateway has to tell: no value of a header field or cookie, whatever its
     * name, but for what names the environment.
     *
     * @param field whether {@code tree} is such a value
     */
    static Object withoutValues(Object tree, String key, boolean field) {
        return masked(tree, key, field, name -> true);
    }

    private static Object masked(Object tree) {
        return masked(tree, "", false, SecretFields::isNamed);
    }

    /**
     * @param key under which {@code tree} stands
     * @param field whether that is the name of a field
     */
    private static Object masked(Object tree, String key, boolean field, Predicate<String> secret) {
        if (field && secret.test(key) && !String.valueOf(tree).contains("${")) {
            return Secrets.MASK;
        }
        if (tree instanceof List<?> list) {
            return list.stream().map(item -> masked(item, "", false, secret)).toList();
        }
        if (!(tree instanceof Map<?, ?> map)) {
            return tree;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) ->
                copy.put(String.valueOf(name), masked(value, String.valueOf(name), holdsFields(key), secret)));
        return copy;
    }

    /** Whether the keys below {@code key} are names of header fields. */
    static boolean holdsFields(String key) {
        return key.equals("set") || key.equals("header") || key.equals("cookie");
    }
}
