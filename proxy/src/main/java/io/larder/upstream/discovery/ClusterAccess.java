package io.larder.upstream.discovery;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a Kubernetes API is reached. A value.
 *
 * @param api scheme, host and port
 * @param tokenFile holds the bearer token; it may be replaced at any time
 * @param caFile the certificates, in PEM, of which one has signed the API server's; of no use without TLS
 */
public record ClusterAccess(URI api, Path tokenFile, Path caFile) {
    /** Where Kubernetes mounts the service account into a pod. */
    public static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** What a pod is given to reach the cluster that it runs in; nothing outside of one. */
    public static Optional<ClusterAccess> of(Map<String, String> environment, Path serviceAccount) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return Optional.of(new ClusterAccess(
                URI.create("https://" + bracketed + ":" + port),
                serviceAccount.resolve("token"),
                serviceAccount.resolve("ca.crt")));
    }
}
