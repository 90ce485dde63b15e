package io.larder.upstream.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.larder.upstream.discovery.ApiTrouble.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The two calls of the Kubernetes API that are needed, with the certificates as they were when it was made. Confined to its
 * thread, which it holds up.
 */
final class KubernetesApi implements AutoCloseable {
    private static final long TOKEN_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int PAGE = 500;

    private final ClusterAccess access;
    private final KubernetesTarget target;
    private final Duration patience;
    private final LongSupplier nanos;
    private final HttpClient client;
    private @Nullable String token;
    private long tokenRead;

    /** @param patience how long an answer may take */
    KubernetesApi(ClusterAccess access, KubernetesTarget target, Duration patience, LongSupplier nanos)
            throws ApiTrouble {
        this.access = access;
        this.target = target;
        this.patience = patience;
        this.nanos = nanos;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY) // an environment's proxy is for the outside
                .connectTimeout(patience);
        if ("https".equals(access.api().getScheme())) {
            try {
                builder.sslContext(ClusterTls.trusting(access.caFile()));
            } catch (IOException | GeneralSecurityException e) {
                throw new ApiTrouble(Kind.REFUSED, "the cluster's CA cannot be read: " + text(e));
            }
        }
        this.client = builder.build();
    }

    /** One page of the list; the first where {@code more} is empty. */
    ListPage list(String more) throws ApiTrouble, InterruptedException {
        String query = "&limit=" + PAGE + (more.isEmpty() ? "" : "&continue=" + encoded(more));
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request(query), HttpResponse.BodyHandlers.ofString());
        try {
            HttpResponse<String> response = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (response.statusCode() != 200) {
                throw refusal(response);
            }
            return ListPage.parse(response.body());
        } catch (JsonProcessingException e) {
            throw new ApiTrouble(Kind.REFUSED, "the Kubernetes API cannot be understood: " + e.getOriginalMessage());
        } catch (ExecutionException e) {
            throw lost(e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new ApiTrouble(Kind.LOST, "the Kubernetes API at " + access.api() + " does not answer in time");
        }
    }

    /**
     * Asks for all that happens after a version.
     *
     * @param length how long the server is to let it last
     */
    WatchStream watch(String version, Duration length) throws ApiTrouble {
        WatchStream stream = new WatchStream();
        String query = "&watch=true&allowWatchBookmarks=true&resourceVersion=" + encoded(version) + "&timeoutSeconds="
                + length.toSeconds();
        client.sendAsync(request(query), info -> {
                    if (info.statusCode() != 200) {
                        return HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
                    }
                    stream.put(new WatchStream.Opened());
                    return HttpResponse.BodySubscribers.fromLineSubscriber(
                            stream, lines -> "", StandardCharsets.UTF_8, null);
                })
                .whenComplete((response, broken) -> {
                    if (broken != null) {
                        stream.put(new WatchStream.Broken(broken));
                    } else if (response.statusCode() != 200) {
                        stream.put(new WatchStream.Refused(refusal(response)));
                    }
                });
        return stream;
    }

    /** The connection has not come about, or is gone. */
    ApiTrouble lost(Throwable why) {
        return new ApiTrouble(Kind.LOST, "the Kubernetes API at " + access.api() + " cannot be reached: " + text(why));
    }

    private HttpRequest request(String query) throws ApiTrouble {
        String path = "/apis/discovery.k8s.io/v1/namespaces/" + target.namespace() + "/endpointslices?labelSelector="
                + encoded("kubernetes.io/service-name=" + target.service());
        URI uri = access.api().resolve(path + query);
        try {
            return HttpRequest.newBuilder(uri)
                    .header("Accept", "application/json")
                    .header("Authorization", "Bearer " + token())
                    .header("User-Agent", "larder")
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ApiTrouble(Kind.REFUSED, access.tokenFile() + " holds what no header may hold");
        }
    }

    /** Tokens expire, and are replaced in their file before they do. */
    private String token() throws ApiTrouble {
        String known = token;
        long now = nanos.getAsLong();
        if (known != null && now - tokenRead < TOKEN_NANOS) {
            return known;
        }
        try {
            String read = Files.readString(access.tokenFile()).strip();
            token = read;
            tokenRead = now;
            return read;
        } catch (IOException e) {
            throw new ApiTrouble(Kind.REFUSED, "the service account's token cannot be read: " + text(e));
        }
    }

    /** What an error says is in a Status object; its message is for people. */
    private ApiTrouble refusal(HttpResponse<String> response) {
        String message;
        try {
            message = WatchEvent.JSON.readTree(response.body()).path("message").asText("");
        } catch (JsonProcessingException e) {
            message = "";
        }
        String after = response.headers().firstValue("Retry-After").orElse("");
        Duration pause = after.matches("[0-9]{1,4}") ? Duration.ofSeconds(Long.parseLong(after)) : Duration.ZERO;
        return ApiTrouble.of(target, response.statusCode(), message, pause);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The innermost reason that has words. */
    private static String text(Throwable why) {
        String text = why.toString();
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
        return text;
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
