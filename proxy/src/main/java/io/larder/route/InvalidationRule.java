package io.larder.route;

import io.larder.coherence.Purge;
import io.larder.http.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the success of some requests makes stale on their site.
 *
 * @param methods of those requests; empty: all that are not safe
 * @param path of those requests
 * @param tags purged on this site, filled in with what the path captured
 * @param urls paths and queries on the host of the request, filled in likewise
 * @param prefixes of paths and queries on the host of the request, filled in likewise
 */
public record InvalidationRule(
        Set<String> methods,
        PathPattern path,
        List<Template> tags,
        List<Template> urls,
        List<Template> prefixes,
        Purge.Mode mode) {
    public InvalidationRule {
        methods = Set.copyOf(methods);
        tags = List.copyOf(tags);
        urls = List.copyOf(urls);
        prefixes = List.copyOf(prefixes);
    }

    /** What one request makes stale: tags, and paths with queries on its host. */
    public record Effect(List<String> tags, List<String> urls, List<String> prefixes) {
        public Effect {
            tags = List.copyOf(tags);
            urls = List.copyOf(urls);
            prefixes = List.copyOf(prefixes);
        }
    }

    /** What the success of {@code request} makes stale; empty where the rule does not speak of it. */
    public Optional<Effect> effect(Request request) {
        boolean named = methods.isEmpty() ? !request.isSafe() : methods.contains(request.method());
        Map<String, String> spelled = named ? path.captures(request.target().path()) : null;
        Map<String, String> normal =
                named ? path.normalCaptures(request.target().path()) : null;
        if (spelled == null || normal == null) {
            return Optional.empty();
        }
        return Optional.of(new Effect(
                filled(tags, normal), inAnySpelling(urls, spelled, normal), inAnySpelling(prefixes, spelled, normal)));
    }

    /** What is stored may have been asked for as this request spells it, or plainly. */
    private static List<String> inAnySpelling(
            List<Template> templates, Map<String, String> spelled, Map<String, String> normal) {
        Map<String, String> plain = new HashMap<>();
        normal.forEach((name, octets) -> plain.put(name, Escapes.encode(octets)));
        return Stream.concat(filled(templates, spelled).stream(), filled(templates, plain).stream())
                .distinct()
                .toList();
    }

    private static List<String> filled(List<Template> templates, Map<String, String> captures) {
        return templates.stream()
                .map(template -> template.fill(captures))
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
