package io.larder.config.keys;

import io.larder.config.RedisConfig.Servers;
import io.larder.config.RedisUri;
import io.larder.config.bind.Binding;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Type;
import io.larder.config.source.Secrets;
import io.larder.config.source.Text;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One URI, or a list of them, which is a Redis Cluster. */
record RedisUris(Type<RedisUri> one) implements Type<Servers> {
    private static final String EXAMPLE =
            "write redis://host:6379/0, rediss:// for TLS, redis-sentinel://host1,host2/0#primary, or a list for a Cluster";

    RedisUris() {
        this(new One());
    }

    @Override
    public @Nullable Servers read(Node node, Binding binding) {
        if (!(node instanceof SequenceNode list)) {
            RedisUri uri = one.read(node, binding);
            return uri == null ? null : new Servers.One(uri);
        }
        List<RedisUri> uris = ListOf.some(one).read(node, binding);
        return uris == null ? null : cluster(uris, list.getValue(), binding);
    }

    @Override
    public Object write(Servers servers) {
        return switch (servers) {
            case Servers.One(RedisUri uri) -> one.write(uri);
            case Servers.Cluster(List<RedisUri> uris) -> ListOf.some(one).write(uris);
        };
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return Schemas.of(
                "anyOf", List.of(one.schema(definitions), ListOf.some(one).schema(definitions)));
    }

    private static @Nullable Servers cluster(List<RedisUri> uris, List<Node> nodes, Binding binding) {
        int before = binding.report().errors();
        for (int i = 0; i < uris.size(); i++) {
            String fault = fault(uris.get(i), uris.get(0));
            Node node = nodes.get(i);
            if (fault != null) {
                binding.below("[" + i + "]", () -> {
                    binding.bad(node, fault, null);
                    return null;
                });
            }
        }
        return binding.report().errors() > before ? null : new Servers.Cluster(uris);
    }

    /** What keeps a URI from being one of a cluster; null where nothing does. */
    private static @Nullable String fault(RedisUri uri, RedisUri first) {
        if (uri.primary() != null) {
            return "a Redis Cluster has no sentinels: write them as one URI, not in a list";
        }
        if (uri.database() != 0) {
            return "a Redis Cluster has database 0 only";
        }
        if (uri.secure() != first.secure()) {
            return "redis:// and rediss:// are mixed";
        }
        boolean sameLogin =
                Objects.equals(uri.user(), first.user()) && Objects.equals(uri.password(), first.password());
        return sameLogin ? null : "another user or password than in the first URI";
    }

    /** A single URI. */
    private record One() implements Type<RedisUri> {
        @Override
        public @Nullable RedisUri read(Node node, Binding binding) {
            Text text = binding.spend(node) ? binding.scalar(node, "a Redis URI") : null;
            if (text == null) {
                return null;
            }
            try {
                return RedisUri.parse(text);
            } catch (IllegalArgumentException e) {
                binding.bad(node, "'" + Secrets.shown(text.written()) + "' " + e.getMessage(), EXAMPLE);
                return null;
            }
        }

        @Override
        public Object write(RedisUri uri) {
            return uri.shown();
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return Schemas.pattern("rediss?(-sentinel)?://.+");
        }
    }
}
