package io.larder.config.keys;

import io.larder.config.Members.Server;
import io.larder.config.ServerAddress;
import io.larder.config.bind.Binding;
import io.larder.config.bind.Either;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.source.Origin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of one server. */
final class ServerKeys {
    private static final Scalar<ServerAddress> WHERE = new Scalar<>(
            "a server's address",
            "write host:port, such as \"127.0.0.1:8000\", or unix:/path/to.sock",
            ServerKeys::address,
            ServerAddress::toString,
            Schemas.pattern("\\S+:[0-9]{1,5}|unix:/.+"));

    private static final Key<Server, ServerAddress> ADDRESS =
            Key.required("address", WHERE, Server::address, "host:port of the server, or unix:/path of its socket.");
    private static final Key<Server, Integer> WEIGHT =
            Key.of("weight", Scalars.integer(1, 1000), 1, Server::weight, "Its share of the requests.");
    private static final Key<Server, Boolean> BACKUP =
            Key.of("backup", Scalars.SWITCH, false, Server::backup, "Used only while no other server is usable.");
    private static final Section<Server> SECTION = new Section<>(
            "server",
            "One server of an upstream.",
            values -> new Server(values.get(ADDRESS), values.get(WEIGHT), values.get(BACKUP), values.origin()),
            ADDRESS,
            WEIGHT,
            BACKUP);

    /** Of each server the address, or a map. */
    static final Type<List<Server>> LIST =
            ListOf.some(new Either<Server, Server, Server>(new PlainServer(), SECTION, Server.class));

    private ServerKeys() {}

    /** A server with weight 1. */
    static Server server(ServerAddress address, Origin origin) {
        return new Server(address, 1, false, origin);
    }

    private static @Nullable ServerAddress address(String text) {
        if (text.contains("://")) {
            throw new IllegalArgumentException("is a URL, not an address");
        }
        return FreeText.hasControl(text) ? null : ServerAddress.parse(text);
    }

    /** A server of which nothing but the address is written. */
    private record PlainServer() implements Type<Server> {
        @Override
        public @Nullable Server read(Node node, Binding binding) {
            ServerAddress address = WHERE.read(node, binding);
            return address == null ? null : server(address, Origin.of(Binding.place(node)));
        }

        @Override
        public Object write(Server server) {
            return WHERE.write(server.address());
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return WHERE.schema(definitions);
        }
    }
}
