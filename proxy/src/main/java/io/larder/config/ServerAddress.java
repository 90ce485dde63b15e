package io.larder.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A value: where a server is reached; nothing is looked up. As text it is what is written in files. */
public sealed interface ServerAddress {
    /** How the address of a socket in the file system begins. */
    String UNIX_SCHEME = "unix:";

    /** A port of a host. */
    record Tcp(HostPort hostPort) implements ServerAddress {
        public Tcp {
            Checks.require(!hostPort.host().isEmpty() && hostPort.port() > 0, "a server has a host and a port");
        }

        @Override
        public String toString() {
            return hostPort.toString();
        }
    }

    /**
     * A socket in the file system.
     *
     * @param path absolute
     */
    record Unix(Path path) implements ServerAddress {
        /** The system's limit of {@code sun_path}, less the octet that ends it. */
        private static final int MOST_BYTES = 107;

        public Unix {
            Checks.require(path.isAbsolute(), "is not an absolute path");
            int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
            Checks.require(length <= MOST_BYTES, "is longer than the " + MOST_BYTES + " octets of a socket's path");
        }

        @Override
        public String toString() {
            return UNIX_SCHEME + path;
        }
    }

    /**
     * Reads {@code host:port}, {@code [ipv6]:port} or {@code unix:/path}; null when it is none of these.
     *
     * @throws IllegalArgumentException saying what keeps a path from being a socket's
     */
    static @Nullable ServerAddress parse(String text) {
        if (text.startsWith(UNIX_SCHEME)) {
            return unix(text.substring(UNIX_SCHEME.length()));
        }
        HostPort address = HostPort.parse(text);
        return address == null || address.host().isEmpty() || address.port() == 0 ? null : new Tcp(address);
    }

    private static Unix unix(String path) {
        try {
            return new Unix(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path", e); // the message of e holds the text
        }
    }
}
