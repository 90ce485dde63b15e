package io.larder.testing;

import java.util.List;
import java.util.stream.Stream;

/** A primary, its replica, and three sentinels that have found both and each other. */
public final class RedisSentinels implements AutoCloseable {
    private final RedisServer first = RedisServer.start();
    private final RedisServer second = RedisServer.start("--replicaof", "127.0.0.1", first.port() + "");
    private final List<RedisServer> sentinels;

    public RedisSentinels() {
        Eventually.eventually(
                "a replica", () -> second.ask("INFO", "replication").contains("master_link_status:up"));
        this.sentinels = Stream.generate(() -> RedisServer.sentinel(first.port(), 2))
                .limit(3)
                .toList();
        for (RedisServer sentinel : sentinels) {
            Eventually.eventually("sentinels that know all", () -> {
                String known = sentinel.ask("SENTINEL", "master", "primary");
                return known.contains("num-slaves\n1\n") && known.contains("num-other-sentinels\n2\n");
            });
        }
    }

    /** Where the sentinels listen. */
    public List<Integer> ports() {
        return sentinels.stream().map(RedisServer::port).toList();
    }

    /** The server that the sentinels call the primary. */
    public RedisServer primary() {
        String address = sentinels.get(0).ask("SENTINEL", "get-master-addr-by-name", "primary");
        return address.endsWith("\n" + first.port()) ? first : second;
    }

    /** The replica hears no more of what is written to the primary. */
    public void cutOffReplica() {
        RedisServer replica = replica();
        replica.ask("CONFIG", "SET", "masteruser", "nobody");
        replica.ask("CONFIG", "SET", "masterauth", "nothing");
        primary().ask("CLIENT", "KILL", "TYPE", "replica");
    }

    /** The replica that the primary has, or had. */
    public RedisServer replica() {
        return primary() == first ? second : first;
    }

    /** The sentinels make the replica the primary, while the old primary still runs. */
    public void failOver() {
        Eventually.eventually(
                "a failover",
                () -> sentinels.get(0).ask("SENTINEL", "FAILOVER", "primary").equals("OK"));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        second.close();
        first.close();
    }
}
