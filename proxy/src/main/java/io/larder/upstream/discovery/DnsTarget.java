package io.larder.upstream.discovery;

import java.util.Locale;
import java.util.regex.Pattern;

/** What is looked up in DNS. */
public sealed interface DnsTarget {
    /**
     * All addresses of a host, at one port.
     *
     * @param name in lower case; one that ends in a dot is looked up as it stands, without the search domains
     */
    record Host(String name, int port) implements DnsTarget {
        public Host {
            if (!HostAndPort.isName(name) || port < 1 || port > 65535) {
                throw new IllegalArgumentException("'" + name + ":" + port + "' is not a host name and port");
            }
        }

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /** The servers of a service, by SRV records: {@code _service._proto.name}. */
    record Srv(String name) implements DnsTarget {
        private static final Pattern SERVICE = Pattern.compile("_[a-z0-9-]+\\._[a-z0-9-]+\\..+");

        public Srv {
            if (!SERVICE.matcher(name).matches() || !HostAndPort.isName(name)) {
                throw new IllegalArgumentException("'" + name + "' is not _service._proto.name");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads {@code name:port} or {@code _service._proto.name}.
     *
     * @throws IllegalArgumentException when it is neither, with a reason for whoever wrote it
     */
    static DnsTarget parse(String text) {
        if (text.indexOf(':') < 0) {
            if (!text.startsWith("_")) {
                throw new IllegalArgumentException(
                        "'" + text + "' has no port: write name:port, or _service._proto.name for SRV records");
            }
            return new Srv(text.toLowerCase(Locale.ROOT));
        }
        HostAndPort place = HostAndPort.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a host name and port"));
        return new Host(place.host(), place.port());
    }
}
