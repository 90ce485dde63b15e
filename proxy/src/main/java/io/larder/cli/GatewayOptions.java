package io.larder.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a running gateway. */
final class GatewayOptions {
    private static final String DEFAULT_ADMIN = "http://127.0.0.1:9180";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "The gateway's admin address; default: $LARDER_ADMIN, else " + DEFAULT_ADMIN + ".")
    private @Nullable String admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds the admin token; default: the token in $LARDER_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Print the gateway's JSON as it is.")
    private boolean json;

    /** Whether a gateway was named. */
    boolean isGiven() {
        return admin != null;
    }

    boolean isJson() {
        return json;
    }

    /** @throws Failed 2 when the address or the token file cannot be used */
    AdminClient client(UnaryOperator<@Nullable String> environment) {
        String fromEnvironment = environment.apply("LARDER_ADMIN");
        String address = admin != null ? admin : fromEnvironment != null ? fromEnvironment : DEFAULT_ADMIN;
        return new AdminClient(uri(address), token(environment));
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
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new Failed(Exit.BAD_INPUT, "cannot read the token file: " + e);
        }
    }
}
