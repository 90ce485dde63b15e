package io.larder.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three primaries that share all slots. */
public final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final int NODES = 3;

    private final List<RedisServer> nodes = new ArrayList<>();

    public RedisCluster() {
        for (int i = 0; i < NODES; i++) {
            RedisServer node = RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
            nodes.add(node);
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", i + 1 + "");
            node.ask(slotsOf(i));
            if (i > 0) {
                nodes.get(0).ask("CLUSTER", "MEET", "127.0.0.1", node.port() + "");
            }
        }
        for (RedisServer node : nodes) {
            Eventually.eventually("a cluster", () -> {
                String info = node.ask("CLUSTER", "INFO");
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES);
            });
        }
    }

    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }

    private static String[] slotsOf(int node) {
        List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(node * SLOTS / NODES, (node + 1) * SLOTS / NODES).forEach(slot -> words.add(slot + ""));
        return words.toArray(String[]::new);
    }
}
