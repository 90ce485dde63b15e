package io.larder.cli;

import io.larder.app.SecretFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a running gateway. */
final class GatewayOptions {
    private static final String DEFAULT_ADMIN = "http://127.0.0.1:9180";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            split = ",",
            description = "The gateway's admin address; default: $LARDER_ADMIN, else " + DEFAULT_ADMIN
                    + ". purge takes several, for gateways that share no Redis.")
    private List<String> admin = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds the admin token; default: the token in $LARDER_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Print the gateway's JSON as it is.")
    private boolean json;

    /** Whether a gateway was named. */
    boolean isGiven() {
        return !admin.isEmpty();
    }

    boolean isJson() {
        return json;
    }

    /**
     * The gateway that is meant.
     *
     * @throws Failed 2 when the address or the token file cannot be used, or several are named
     */
    AdminClient client(UnaryOperator<@Nullable String> environment) {
        List<AdminClient> clients = clients(environment);
        if (clients.size() > 1) {
            throw new Failed(Exit.BAD_INPUT, "this is asked of one gateway: name one --admin or LARDER_ADMIN");
        }
        return clients.get(0);
    }

    /**
     * The gateways that are meant, at least one.
     *
     * @throws Failed 2 when an address or the token file cannot be used
     */
    List<AdminClient> clients(UnaryOperator<@Nullable String> environment) {
        String token = token(environment);
        return addresses(environment.apply("LARDER_ADMIN")).stream()
                .map(String::strip)
                .distinct()
                .map(address -> new AdminClient(uri(address), token))
                .toList();
    }

    private List<String> addresses(@Nullable String fromEnvironment) {
        if (isGiven()) {
            return admin;
        }
        return fromEnvironment == null ? List.of(DEFAULT_ADMIN) : List.of(fromEnvironment.split(",", -1));
    }

    private static URI uri(String address) {
        try {
            URI uri = new URI(address);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below: what is wrong with a URI is best shown by a right one.
        }
        throw new Failed(Exit.BAD_INPUT, "--admin takes a URL such as " + DEFAULT_ADMIN + ", not " + address);
    }

    private @Nullable String token(UnaryOperator<@Nullable String> environment) {
        if (tokenFile == null) {
            return environment.apply("LARDER_TOKEN");
        }
        try {
            return SecretFile.read(tokenFile);
        } catch (IOException e) {
            throw new Failed(Exit.BAD_INPUT, "cannot read the token file: " + e);
        }
    }
}
