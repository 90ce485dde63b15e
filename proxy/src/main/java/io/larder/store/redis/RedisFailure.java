package io.larder.store.redis;

import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisLoadingException;
import java.net.SocketException;
import java.util.List;

/** Expected trouble with Redis. Stackless: it is an outcome, not a bug. */
public final class RedisFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How servers begin to say that they cannot serve now, whatever is asked. */
    private static final List<String> NOT_NOW =
            List.of("CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS", "READONLY");

    /** What went wrong. */
    public enum Kind {
        /** There is no connection, or a server that cannot serve now. */
        DOWN,
        /** No answer came in time; the command may have been carried out. */
        TIMEOUT,
        /** Too many commands wait for answers already. */
        BUSY,
        /** The server answered that it will not do this. */
        REFUSED
    }

    private final Kind kind;

    public RedisFailure(Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    /** The failure that is at the root of {@code cause}; of sockets' troubles the one that says where. */
    static RedisFailure of(Throwable cause) {
        Throwable root = cause;
        while (!(root instanceof RedisFailure || root instanceof SocketException) && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof RedisFailure failure) {
            return failure;
        }
        String message = root.getMessage();
        String detail = message == null ? root.getClass().getSimpleName() : withinScript(onOneLine(message));
        return new RedisFailure(kind(root, detail), detail);
    }

    /** Of a cluster Lettuce lists what is wrong with each server. */
    private static String onOneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** Before version 7 servers wrap what a command in a script answers into an error of their own. */
    private static String withinScript(String message) {
        int answered = message.startsWith("ERR Error running script") ? message.lastIndexOf(": -") : -1;
        return answered < 0 ? message : message.substring(answered + 3);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the server was the primary once, and is no more. */
    boolean isOfDemoted() {
        return detail().startsWith("READONLY");
    }

    /** One line; never null, and holds no secret. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Whether the server does not know a script that it was to run by its digest. */
    boolean isOfUnknownScript() {
        return kind == Kind.REFUSED && detail().startsWith("NOSCRIPT");
    }

    private static Kind kind(Throwable root, String detail) {
        return switch (root) {
            case RedisCommandTimeoutException late -> Kind.TIMEOUT;
            case RedisLoadingException loading -> Kind.DOWN;
            case RedisBusyException busy -> Kind.DOWN;
            case RedisCommandExecutionException answered ->
                NOT_NOW.stream().anyMatch(detail::startsWith) ? Kind.DOWN : Kind.REFUSED;
            default -> isOfFullQueue(detail) ? Kind.BUSY : Kind.DOWN;
        };
    }

    /** Commands that are to be written wait in one queue, those that were written in another; Lettuce has no type for either. */
    private static boolean isOfFullQueue(String detail) {
        return detail.startsWith("Request queue size exceeded") || detail.startsWith("Internal stack size exceeded");
    }
}
