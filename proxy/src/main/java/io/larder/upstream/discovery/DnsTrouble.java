package io.larder.upstream.discovery;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads of Netty's exceptions what DNS has said, or that it has said nothing. */
final class DnsTrouble {
    private DnsTrouble() {}

    /**
     * The answer that a failed look-up amounts to.
     *
     * @param error with which a name server has refused
     */
    static <T> Answer<T> of(Throwable why, Optional<DnsResponseCode> error) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException said) {
                return said.getCode().equals(DnsResponseCode.NXDOMAIN)
                        ? new Answer.Nothing<>("DNS knows no such name")
                        : refused(said.getCode());
            }
            if (cause instanceof DnsNameResolverTimeoutException) {
                return new Answer.Failed<>("no DNS server answers in time");
            }
        }
        if (error.isPresent()) {
            return refused(error.get());
        }
        return why instanceof UnknownHostException && why.getCause() == null
                ? empty()
                : new Answer.Failed<>("DNS cannot be asked: " + innermost(why));
    }

    /** There is such a name, and nothing at it. */
    static <T> Answer<T> empty() {
        return new Answer.Nothing<>("DNS knows the name, and no address of it");
    }

    /** The code's name as it is usually written, without its number. */
    private static <T> Answer<T> refused(DnsResponseCode code) {
        String name = code.toString().replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
        return new Answer.Failed<>("the DNS server answers " + name);
    }

    private static @Nullable String innermost(Throwable why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
