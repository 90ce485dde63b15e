package io.larder.policy;

import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is stored of a response that is not whole (RFC 9111 §3.3): runs of its octets, ascending and apart.
 *
 * @param stored a 206 under {@link CacheKey#partial}: a {@code Content-Range} line for each run says where the octets of
 *     its body belong, one run after the other
 * @param complete how many octets the whole has
 */
public record Parts(Stored stored, long complete, List<ByteRange> runs) {
    /** How many runs are kept of one response. */
    public static final int MOST = 16;

    private static final int SCATTERED = 64; // arrays too many for what they hold: past it a copy is cheaper

    public Parts {
        runs = List.copyOf(runs);
    }

    /** One run, which {@code octets} are, of the response that {@code head} describes as if it were whole. */
    public static Parts of(Stored.Head head, ContentRange range, Bytes octets) {
        return of(head, range.complete(), List.of(range.range()), octets);
    }

    private static Parts of(Stored.Head head, long complete, List<ByteRange> runs, Bytes octets) {
        HeadersBuilder headers = Headers.builder().addAll(head.headers().without(Fields.CONTENT_RANGE));
        for (ByteRange run : runs) {
            headers.add(Fields.CONTENT_RANGE, new ContentRange(run, complete).toString());
        }
        Stored.Head partial = head.as(206, "Partial Content", headers.build());
        return new Parts(new Stored(partial, octets), complete, runs);
    }

    /** What {@code stored} has; empty where it is no such thing. */
    public static Optional<Parts> of(Stored stored) {
        List<ByteRange> runs = new ArrayList<>();
        long complete = -1;
        for (String value : stored.headers().all(Fields.CONTENT_RANGE)) {
            Optional<ContentRange> range = ContentRange.parse(value);
            if (range.isEmpty()) {
                return Optional.empty();
            }
            complete = range.get().complete();
            runs.add(range.get().range());
        }
        boolean sound = stored.status() == 206
                && !runs.isEmpty()
                && runs.stream().mapToLong(ByteRange::length).sum()
                        == stored.body().length();
        return sound ? Optional.of(new Parts(stored, complete, runs)) : Optional.empty();
    }

    /** The fields of the response, those about its parts left out. */
    public Headers fields() {
        return stored.headers().without(Fields.CONTENT_RANGE);
    }

    /** All fields that are kept of what was received, those about its parts left out. */
    Headers received() {
        return stored.head().received().without(Fields.CONTENT_RANGE);
    }

    /** Whether all octets of {@code range} are there. */
    public boolean have(ByteRange range) {
        return runs.stream().anyMatch(run -> run.contains(range));
    }

    /** Whether they are all that {@code request} asks for, which has no other condition that is not met. */
    public boolean satisfy(Request request, Instant now) {
        return switch (Portion.of(request, 200, fields(), complete, now)) {
            case Portion.All all -> false;
            case Portion.Nothing nothing -> true;
            case Portion.One(ByteRange range) -> have(range);
            case Portion.Several(List<ByteRange> ranges) -> ranges.stream().allMatch(this::have);
        };
    }

    /** The octets of {@code range}, which are there. */
    public Bytes octets(ByteRange range) {
        long before = 0;
        for (ByteRange run : runs) {
            if (run.contains(range)) {
                long from = before + range.first() - run.first();
                return stored.body().slice(from, from + range.length());
            }
            before += run.length();
        }
        throw new IndexOutOfBoundsException(range + " of " + runs);
    }

    /** Whether nothing is missing. */
    public boolean isWhole() {
        return runs.get(0).length() == complete;
    }

    /** The whole response, of which nothing is missing. */
    public Stored whole() {
        return new Stored(stored.head().as(200, "OK", fields()), stored.body());
    }

    /** The one run that is missing; empty where nothing is, or several are. */
    public Optional<ByteRange> gap() {
        List<ByteRange> gaps = new ArrayList<>();
        long next = 0;
        for (ByteRange run : runs) {
            if (run.first() > next) {
                gaps.add(new ByteRange(next, run.first() - 1));
            }
            next = run.last() + 1;
        }
        if (next < complete) {
            gaps.add(new ByteRange(next, complete - 1));
        }
        return gaps.size() == 1 ? Optional.of(gaps.get(0)) : Optional.empty();
    }

    /**
     * Whether {@code newer} parts are of the same representation: only a strong validator tells (RFC 9111 §3.4). Those with
     * other tags stay apart, so that a purge by a tag reaches every octet that came with it.
     */
    public boolean fits(Parts newer, Instant now) {
        return complete == newer.complete
                && StrongValidator.same(fields(), newer.fields(), now)
                && Set.copyOf(stored.tags().names())
                        .equals(Set.copyOf(newer.stored.tags().names()));
    }

    /**
     * These parts and what {@code newer} ones bring of the same representation (RFC 9111 §3.4): its fields replace those
     * of the same name.
     *
     * @param limit how many octets are kept at most; past it, and past {@link #MOST} runs, only the newer ones are
     */
    public Parts with(Parts newer, long limit) {
        List<ByteRange> all = new ArrayList<>();
        List<Bytes> octets = new ArrayList<>();
        merge(newer, all, octets);
        Bytes body = Bytes.concat(octets);
        if (all.size() > MOST || body.length() > limit) {
            return newer;
        }
        boolean scattered = body.segments().size() > SCATTERED + 2 * (body.length() / Bytes.SEGMENT);
        return of(head(newer), complete, all, scattered ? body.compact() : body);
    }

    private Stored.Head head(Parts newer) {
        Stored.Head old = stored.head();
        Stored.Head head = newer.stored.head();
        return head.withHeaders(StoredFields.united(fields(), newer.fields()))
                .withSurrogate(StoredFields.united(old.surrogate(), head.surrogate()));
    }

    /** The runs of both in order, each octet once. */
    private void merge(Parts newer, List<ByteRange> all, List<Bytes> octets) {
        long next = 0; // what comes before it is there already
        int mine = 0;
        int theirs = 0;
        while (mine < runs.size() || theirs < newer.runs.size()) {
            boolean older = theirs == newer.runs.size()
                    || (mine < runs.size()
                            && runs.get(mine).first() <= newer.runs.get(theirs).first());
            Parts of = older ? this : newer;
            ByteRange run = older ? runs.get(mine++) : newer.runs.get(theirs++);
            if (run.last() >= next) {
                ByteRange rest = new ByteRange(Math.max(next, run.first()), run.last());
                Bytes whole = of.octets(rest);
                octets.add(rest.equals(run) ? whole : whole.compact()); // what is cut off must not stay alive
                append(all, rest);
                next = rest.last() + 1;
            }
        }
    }

    private static void append(List<ByteRange> all, ByteRange run) {
        ByteRange before = all.isEmpty() ? null : all.get(all.size() - 1);
        if (before != null && before.touches(run)) {
            all.set(all.size() - 1, before.spanning(run));
        } else {
            all.add(run);
        }
    }
}
