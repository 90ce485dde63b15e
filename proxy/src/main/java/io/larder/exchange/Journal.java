package io.larder.exchange;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one exchange, written by the layers as they decide and read by {@link Telemetry} when it is over.
 * Confined to the exchange's loop.
 */
public final class Journal {
    private final long began;
    private String protocol = "HTTP/1.1";
    private String site = "-";
    private String route = "-";
    private String cache = "-";
    private String reason = "-";
    private @Nullable String upstream;
    private @Nullable String server;
    private int attempts;
    private long upstreamNanos;
    private String answeredIn = "1.1";
    private @Nullable Failure failure;
    private List<Included> included = List.of(); // of its own once the page has a fragment
    private List<Missed> missed = List.of();
    private boolean own;
    private @Nullable Client client; // null: whoever the exchange began with

    /**
     * A fragment of the page.
     *
     * @param target that was asked for
     * @param journal of the request for it
     */
    public record Included(String target, Journal journal) {}

    /**
     * What a page had to do without.
     *
     * @param source as the page has it
     * @param detail for people; holds nothing secret
     */
    public record Missed(String source, Lack why, String detail) {}

    /** @param began on {@link Loop#nanos} */
    public Journal(long began) {
        this.began = began;
    }

    /** That of a request which is made for the one that {@code parent} is about. */
    Journal(long began, Journal parent) {
        this.began = began;
        this.protocol = parent.protocol;
    }

    /** What the client spoke, if not HTTP/1.1: {@code HTTP/1.0}, {@code HTTP/2} or {@code HTTP/3}. */
    public void spoken(String version) {
        protocol = version;
    }

    public void routed(String siteName, String routeName) {
        site = siteName;
        route = routeName;
    }

    /**
     * Notes what the cache did.
     *
     * @param outcome {@code hit}, {@code stale}, {@code miss}, {@code revalidated}, {@code bypass}, … : a closed, small set
     * @param why the code of the policy's reason
     */
    public void cached(String outcome, String why) {
        cache = outcome;
        reason = why;
    }

    /**
     * Notes that what was going to be stored was not in the end. It says nothing of a request that was answered otherwise.
     *
     * @param why the code of the policy's reason
     */
    public void notStored(String why) {
        if (cache.equals("miss")) {
            reason = why;
        }
    }

    /** One more attempt went to {@code serverAddress}, one of the servers of {@code upstreamName}. */
    public void attempted(String upstreamName, String serverAddress) {
        upstream = upstreamName;
        server = serverAddress;
        attempts++;
    }

    /** The response's head came after {@code nanos}, from one of those who were asked: the last, unless two were at once. */
    public void responded(String upstreamName, String serverAddress, long nanos) {
        upstream = upstreamName;
        server = serverAddress;
        upstreamNanos = nanos;
    }

    /** A server answered in another version of HTTP than 1.1: {@code 1.0} or {@code 2.0}. */
    public void answeredIn(String version) {
        answeredIn = version;
    }

    public void failed(Failure why) {
        failure = why;
    }

    /** The request turned out to be made for {@code believed}, whom a trusted proxy names. */
    public void madeFor(Client believed) {
        client = believed;
    }

    /** Who asked, as far as it can be trusted; {@code otherwise} where nobody else was named. */
    public Client client(Client otherwise) {
        return client == null ? otherwise : client;
    }

    /** The answer is a page, and {@code target} is asked for as one of its fragments. */
    public void includes(String target, Journal part) {
        included = included.isEmpty() ? new ArrayList<>(8) : included;
        included.add(new Included(target, part));
    }

    /** The answer is a page, and {@code source} cannot be had for it, or is not to be. */
    public void missed(String source, Lack why, String detail) {
        missed = missed.isEmpty() ? new ArrayList<>(2) : missed;
        missed.add(new Missed(source, why, detail));
    }

    /** The response was put together for this request: its octets are nobody else's. */
    public void putTogether() {
        own = true;
    }

    /** Whether the octets of the response are those that are stored, and come again. */
    public boolean isStored() {
        return !own
                && switch (cache) {
                    case "hit" -> !reason.equals("collapsed");
                    case "stale", "revalidated" -> true;
                    default -> false;
                };
    }

    /** The server of {@code upstreamName} that gave the answer itself, to this request; null where none did. */
    public @Nullable String answeredBy(String upstreamName) {
        boolean given = cache.equals("miss") || cache.equals("bypass");
        return given && upstreamName.equals(upstream) ? server : null;
    }

    public List<Included> included() {
        return included;
    }

    public List<Missed> missed() {
        return missed;
    }

    /** Takes over what a request made on this one's behalf went through. */
    public void adopt(Journal child) {
        upstream = child.upstream;
        server = child.server;
        attempts += child.attempts;
        upstreamNanos = child.upstreamNanos;
        answeredIn = child.answeredIn;
        failure = child.failure;
        child.missed.forEach(each -> missed(each.source, each.why, each.detail));
    }

    public long began() {
        return began;
    }

    public String protocol() {
        return protocol;
    }

    public String site() {
        return site;
    }

    public String route() {
        return route;
    }

    public String cache() {
        return cache;
    }

    public String reason() {
        return reason;
    }

    public @Nullable String upstream() {
        return upstream;
    }

    public @Nullable String server() {
        return server;
    }

    public int attempts() {
        return attempts;
    }

    public long upstreamNanos() {
        return upstreamNanos;
    }

    /** The version of HTTP that the server answered in. */
    public String answeredIn() {
        return answeredIn;
    }

    public @Nullable Failure failure() {
        return failure;
    }
}
