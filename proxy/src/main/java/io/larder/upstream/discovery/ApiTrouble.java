package io.larder.upstream.discovery;

import java.time.Duration;

/** The API does not do what it was asked; expected, and so without a stack trace. */
final class ApiTrouble extends Exception {
    private static final long serialVersionUID = 1;

    /** What it means for what comes next. */
    enum Kind {
        /** The connection, or the server for the moment: go on where we were. */
        LOST,
        /** What happened since that version is not known any more: list anew. */
        GONE,
        /** It is said for good that this may not be, or that it makes no sense: somebody must do something. */
        REFUSED
    }

    private final Kind kind;
    private final Duration pause;

    /** @param pause how long the server wants to be left alone, at least */
    ApiTrouble(Kind kind, String why, Duration pause) {
        super(why, null, false, false);
        this.kind = kind;
        this.pause = pause;
    }

    ApiTrouble(Kind kind, String why) {
        this(kind, why, Duration.ZERO);
    }

    Kind kind() {
        return kind;
    }

    Duration pause() {
        return pause;
    }

    String why() {
        return String.valueOf(getMessage());
    }

    /** The trouble that an HTTP status other than 200 means (API conventions, "Response Status Kind"). */
    static ApiTrouble of(KubernetesTarget target, int status, String message, Duration pause) {
        String said = "the Kubernetes API answers " + status + (message.isEmpty() ? "" : ": " + message);
        return switch (status) {
            case 410 -> new ApiTrouble(Kind.GONE, said);
            case 401 ->
                new ApiTrouble(Kind.REFUSED, "the Kubernetes API does not accept the service account's token: " + said);
            case 403 ->
                new ApiTrouble(
                        Kind.REFUSED,
                        "the service account needs list and watch on endpointslices (discovery.k8s.io) in namespace "
                                + target.namespace() + ": " + said);
            case 408, 429 -> new ApiTrouble(Kind.LOST, said, pause);
            default -> new ApiTrouble(status >= 500 ? Kind.LOST : Kind.REFUSED, said, pause);
        };
    }
}
