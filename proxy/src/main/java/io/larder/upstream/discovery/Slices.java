package io.larder.upstream.discovery;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A value: all EndpointSlices of a service. */
record Slices(Map<String, Slice> byName) {
    static final Slices NONE = new Slices(Map.of());

    Slices {
        byName = Map.copyOf(byName);
    }

    /** What they say of a port. */
    sealed interface View {
        /** Its servers; none where no pod is ready for requests. */
        record Servers(List<Found> all) implements View {}

        /** There are pods, and none of them has such a port. */
        record NoPort(String why) implements View {}

        /** There is not a single slice: Kubernetes makes one even for a service without pods. */
        record NoService(String why) implements View {}
    }

    /** With one that is new, or has changed. */
    Slices with(Slice slice) {
        Map<String, Slice> now = new HashMap<>(byName);
        now.put(slice.name(), slice);
        return new Slices(now);
    }

    /** Without one that has been deleted. */
    Slices without(String name) {
        Map<String, Slice> now = new HashMap<>(byName);
        now.remove(name);
        return new Slices(now);
    }

    /**
     * The servers at the target's port.
     *
     * <p>As in kube-proxy (KEP-1669), pods that are ready get all requests. Those that terminate and still serve are listed as
     * draining beside them, so that they finish what they have; and where no pod is ready, they are the servers: in a
     * rolling update whose new pods are late, they are all there is, and they can answer. A pod whose readiness probe fails
     * gets nothing, terminating or not: that is how it asks to be left alone.
     */
    View view(KubernetesTarget target) {
        List<Found> ready = new ArrayList<>();
        List<Found> leaving = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        boolean hasPort = false;
        for (Slice slice : byName.values()) {
            List<Slice.Port> ports =
                    slice.ports().stream().filter(target::isMeant).toList();
            hasPort |= !ports.isEmpty();
            slice.ports().forEach(port -> others.add(text(port)));
            for (Slice.Port port : ports) {
                for (Slice.Pod pod : slice.pods()) {
                    if (pod.ready()) {
                        ready.add(server(target, pod, port, false));
                    } else if (pod.serving() && pod.terminating()) {
                        leaving.add(server(target, pod, port, true));
                    }
                }
            }
        }
        if (byName.isEmpty()) {
            return new View.NoService("there is no EndpointSlice of service " + target.service() + " in namespace "
                    + target.namespace() + ": is the name right, and has the service a selector?");
        }
        if (!hasPort && !others.isEmpty()) {
            return new View.NoPort("the pods have no port " + target.port() + ", but " + String.join(", ", others));
        }
        if (ready.isEmpty()) {
            return new View.Servers(
                    Found.distinct(leaving.stream().map(Slices::inUse).toList()));
        }
        ready.addAll(leaving);
        return new View.Servers(Found.distinct(ready));
    }

    private static Found inUse(Found server) {
        return new Found(server.name(), server.address(), server.weight(), server.priority(), false);
    }

    private static Found server(KubernetesTarget target, Slice.Pod pod, Slice.Port port, boolean draining) {
        return new Found(target.dnsName(), new InetSocketAddress(pod.address(), port.number()), 1, 0, draining);
    }

    private static String text(Slice.Port port) {
        return port.name().isEmpty() ? Integer.toString(port.number()) : port.name() + " (" + port.number() + ")";
    }
}
