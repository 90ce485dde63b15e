package io.larder.upstream.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A value: what is needed of one EndpointSlice (discovery.k8s.io/v1). Endpoints without an IP address are not in it, nor ports
 * other than TCP's.
 *
 * @param name unique in its namespace
 */
record Slice(String name, List<Port> ports, List<Pod> pods) {
    Slice {
        ports = List.copyOf(ports);
        pods = List.copyOf(pods);
    }

    /**
     * A port of all its endpoints.
     *
     * @param name as in the service; empty where that has but one port and does not name it
     */
    record Port(String name, int number) {}

    /**
     * One endpoint.
     *
     * @param ready it is to get requests; said of nothing that is terminating, unless the service publishes what is not ready
     * @param serving its readiness probe succeeds, be it terminating or not
     * @param terminating it is being deleted
     */
    record Pod(InetAddress address, boolean ready, boolean serving, boolean terminating) {}

    /** Reads an EndpointSlice; what it does not say has the meaning that the API's reference gives to its absence. */
    static Slice of(JsonNode slice) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : slice.path("ports")) {
            int number = port.path("port").asInt();
            if (port.path("protocol").asText("TCP").equals("TCP") && number >= 1 && number <= 65535) {
                ports.add(new Port(port.path("name").asText(""), number));
            }
        }
        List<Pod> pods = new ArrayList<>();
        for (JsonNode endpoint : slice.path("endpoints")) {
            // An endpoint's addresses lead to the same; the first is enough. An FQDN is none, and is not supported.
            String address = endpoint.path("addresses").path(0).asText();
            InetAddress ip = NetUtil.createInetAddressFromIpAddressString(address);
            if (ip != null) {
                pods.add(pod(ip, endpoint.path("conditions")));
            }
        }
        return new Slice(slice.path("metadata").path("name").asText(), ports, pods);
    }

    private static Pod pod(InetAddress address, JsonNode conditions) {
        boolean ready = conditions.path("ready").asBoolean(true);
        return new Pod(
                address,
                ready,
                conditions.path("serving").asBoolean(ready),
                conditions.path("terminating").asBoolean(false));
    }
}
