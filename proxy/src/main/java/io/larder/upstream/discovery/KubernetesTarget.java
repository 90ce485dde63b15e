package io.larder.upstream.discovery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value: a port of a Kubernetes service.
 *
 * @param port the name it has in the service, or the number that the pods listen on
 */
public record KubernetesTarget(String namespace, String service, String port) {
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern FORM = Pattern.compile("(" + LABEL + ")/(" + LABEL + "):(" + LABEL + ")");

    /**
     * Reads {@code namespace/service:port}.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static KubernetesTarget parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not namespace/service:port, with the port's name or number");
        }
        return new KubernetesTarget(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /** Whether a port of pods is the one that is meant. */
    boolean isMeant(Slice.Port candidate) {
        return port.equals(candidate.name()) || port.equals(Integer.toString(candidate.number()));
    }

    /** The service's name in the cluster's DNS, which certificates of a service carry. */
    String dnsName() {
        return service + "." + namespace + ".svc";
    }

    @Override
    public String toString() {
        return namespace + "/" + service + ":" + port;
    }
}
