package io.larder.config.keys;

import io.larder.config.RouteAction.Destination;
import io.larder.config.RouteAction.Split;
import io.larder.config.RouteAction.ToUpstream;
import io.larder.config.bind.Binding;
import io.larder.config.bind.MapOf;
import io.larder.config.bind.Quantities;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** The name of an upstream, or a map from several to the share of clients that each is given. */
record Destinations() implements Type<Destination> {
    private static final Reference ONE = new Reference("upstream");

    private static final Scalar<Integer> SHARE = new Scalar<>(
            Scalars.RATIO.noun(),
            Scalars.RATIO.example(),
            Destinations::share,
            Destinations::percent,
            Scalars.RATIO.schema());

    private static final MapOf<String, Integer> SHARES = new MapOf<>(Scalars.WORD, SHARE);

    @Override
    public @Nullable Destination read(Node node, Binding binding) {
        if (node instanceof MappingNode mapping) {
            return split(mapping, binding);
        }
        String name = ONE.read(node, binding);
        return name == null ? null : new ToUpstream(name);
    }

    @Override
    public Object write(Destination destination) {
        return switch (destination) {
            case ToUpstream(String name) -> ONE.write(name);
            case Split(Map<String, Integer> shares) -> SHARES.write(shares);
        };
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> several = Schemas.of("type", "object", "minProperties", 2);
        several.put("additionalProperties", SHARE.schema());
        return Schemas.of("anyOf", List.of(ONE.schema(definitions), several));
    }

    private static @Nullable Destination split(MappingNode node, Binding binding) {
        Map<String, Integer> shares = SHARES.read(node, binding);
        if (shares == null) {
            return null;
        }
        for (NodeTuple tuple : node.getValue()) {
            ONE.read(tuple.getKeyNode(), binding);
        }
        if (shares.size() < 2) {
            binding.bad(node, "a split is between two upstreams at least", "write the name of one upstream");
            return null;
        }
        int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != Split.WHOLE) {
            binding.bad(node, "the shares add up to " + percent(sum) + ", not to 100%", null);
            return null;
        }
        return new Split(shares);
    }

    private static @Nullable Integer share(String text) {
        Double ratio = Quantities.ratio(text);
        double share = ratio == null ? 0 : ratio * Split.WHOLE;
        if (Math.abs(share - Math.rint(share)) > 1e-6) {
            throw new IllegalArgumentException("is finer than 0.01%");
        }
        return ratio == null ? null : (int) Math.rint(share);
    }

    private static String percent(int share) {
        return Quantities.percent((double) share / Split.WHOLE);
    }
}
