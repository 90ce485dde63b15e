package io.larder.policy;

/** What caching makes of status codes. */
final class StatusRules {
    private StatusRules() {}

    /** Defined as heuristically cacheable (RFC 9110 §15.1). */
    static boolean isHeuristicallyCacheable(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** Whether a lifetime that a route made up may be laid on it: never on an error, nor on a redirect that is temporary. */
    static boolean takesRouteTtl(int status) {
        return status < 400 && isHeuristicallyCacheable(status);
    }

    /** Whether all that the code means for caching is carried out here, as {@code must-understand} asks (RFC 9111 §5.2.2.3). */
    static boolean isUnderstood(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 414, 451 -> true;
            case 500, 501, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** The errors that {@code stale-if-error} is about (RFC 5861 §4). */
    static boolean isServerError(int status) {
        return switch (status) {
            case 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
