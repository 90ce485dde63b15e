package io.larder.store.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Makes connections to whatever servers there are. */
sealed interface Dialler {
    /** Keys are texts, values are bytes. */
    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** A connection for commands. */
    CompletionStage<StatefulConnection<String, byte[]>> commands();

    /** A connection for messages. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> news();

    /** Whether a connection ends with its socket; else it finds new ones by itself. */
    boolean ends();

    /** Ends every connection, and then the threads. Returns at once. */
    void close();

    /** For the servers of these settings. */
    static Dialler of(RedisSettings settings) {
        ClientResources resources = Lettuce.resources();
        return switch (settings.servers()) {
            case RedisSettings.Servers.Single single -> one(settings, Lettuce.uri(single, settings), resources);
            case RedisSettings.Servers.Watched watched -> one(settings, Lettuce.uri(watched, settings), resources);
            case RedisSettings.Servers.Cluster cluster -> {
                RedisClusterClient client = RedisClusterClient.create(resources, Lettuce.uris(cluster, settings));
                client.setOptions(Lettuce.clusterOptions(settings));
                yield new Many(client, resources);
            }
        };
    }

    /** What can be asked on a connection for commands. */
    static RedisClusterAsyncCommands<String, byte[]> asking(StatefulConnection<String, byte[]> connection) {
        return switch (connection) {
            case StatefulRedisConnection<String, byte[]> one -> one.async();
            case StatefulRedisClusterConnection<String, byte[]> many -> many.async();
            default -> throw new IllegalArgumentException("not for commands: " + connection.getClass());
        };
    }

    private static One one(RedisSettings settings, RedisURI uri, ClientResources resources) {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(Lettuce.options(settings));
        return new One(client, uri, resources);
    }

    /** To one server; which one the sentinels are asked each time, if there are any. */
    record One(RedisClient client, RedisURI uri, ClientResources resources) implements Dialler {
        @Override
        public CompletionStage<StatefulConnection<String, byte[]>> commands() {
            return client.connectAsync(CODEC, uri).thenApply(connection -> connection);
        }

        @Override
        public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> news() {
            return client.connectPubSubAsync(CODEC, uri);
        }

        @Override
        public boolean ends() {
            return true;
        }

        @Override
        public void close() {
            client.shutdownAsync(0, Lettuce.LAST.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((none, failure) -> Lettuce.end(resources));
        }
    }

    /** To a cluster, whose slots are looked up anew each time. */
    record Many(RedisClusterClient client, ClientResources resources) implements Dialler {
        @Override
        public CompletionStage<StatefulConnection<String, byte[]>> commands() {
            return client.refreshPartitionsAsync()
                    .thenCompose(known -> client.connectAsync(CODEC))
                    .thenCompose(this::connected);
        }

        /** To each server before anything is asked: while a server is being connected to, Lettuce refuses its commands. */
        private CompletionStage<StatefulConnection<String, byte[]>> connected(
                StatefulRedisClusterConnection<String, byte[]> all) {
            CompletableFuture<?>[] each = all.getPartitions().stream()
                    .map(RedisClusterNode::getUri)
                    .map(uri -> all.getConnectionAsync(uri.getHost(), uri.getPort())
                            .handle((connection, failure) -> connection)) // the others will do without it
                    .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(each).thenApply(none -> all);
        }

        @Override
        public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> news() {
            return client.refreshPartitionsAsync()
                    .thenCompose(known -> client.connectPubSubAsync(CODEC))
                    .thenApply(connection -> connection);
        }

        @Override
        public boolean ends() {
            return false;
        }

        @Override
        public void close() {
            client.shutdownAsync(0, Lettuce.LAST.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((none, failure) -> Lettuce.end(resources));
        }
    }
}
