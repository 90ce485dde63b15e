package io.larder.server;

import io.netty.channel.unix.Errors;
import java.net.InetSocketAddress;
import java.util.Locale;

/** A listener could not take its address; the message is one clear sentence with the remedy. */
public final class BindFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int EACCES = 13;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    /** Why. */
    public enum Kind {
        ADDRESS_IN_USE("is in use by another process"),
        PERMISSION_DENIED("needs a permission that this process does not have (ports below 1024 usually do)"),
        ADDRESS_NOT_AVAILABLE("is not an address of this machine"),
        OTHER("cannot be listened on");

        private final String clause;

        Kind(String clause) {
            this.clause = clause;
        }
    }

    private final Kind kind;

    private BindFailure(InetSocketAddress address, Kind kind, Throwable cause) {
        super(text(address) + " " + kind.clause + (kind == Kind.OTHER ? ": " + cause.getMessage() : ""), cause);
        this.kind = kind;
    }

    /** What {@code cause}, thrown when binding to {@code address}, means. */
    static BindFailure of(InetSocketAddress address, Throwable cause) {
        Kind kind = cause instanceof Errors.NativeIoException system ? byNumber(system) : byMessage(cause);
        return new BindFailure(address, kind, cause);
    }

    public Kind kind() {
        return kind;
    }

    private static Kind byNumber(Errors.NativeIoException system) {
        return switch (-system.expectedErr()) {
            case EADDRINUSE -> Kind.ADDRESS_IN_USE;
            case EACCES -> Kind.PERMISSION_DENIED;
            case EADDRNOTAVAIL -> Kind.ADDRESS_NOT_AVAILABLE;
            default -> Kind.OTHER;
        };
    }

    private static Kind byMessage(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("in use")) {
            return Kind.ADDRESS_IN_USE;
        }
        if (message.contains("permission denied")) {
            return Kind.PERMISSION_DENIED;
        }
        return message.contains("assign requested address") ? Kind.ADDRESS_NOT_AVAILABLE : Kind.OTHER;
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
