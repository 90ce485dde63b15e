package io.larder.store.format;

import io.larder.coherence.LogEntry;
import io.larder.coherence.Purge;
import io.larder.http.Glob;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How a purge is written in the log: version (1 octet), mode (1), the node's name, its ticket (8), how many purges (4), and
 * each of them as a kind (1) and one or two texts, or when it begins (8), how long it takes (8) and another purge; numbers big-endian, texts as a length (4) and UTF-8.
 *
 * <p>A purge that cannot be read must not be lost: it is taken for one of everything that puts all in doubt, so that a node
 * of an older version goes on asking the origin rather than serve what a newer one has purged.
 */
public final class LogEntryFormat {
    private static final int VERSION = 1;

    private LogEntryFormat() {}

    /** What is put into the log; the entry's position is not part of it. */
    public static byte[] encode(LogEntry entry) {
        EnvelopeWriter out = new EnvelopeWriter(128);
        out.number(VERSION, 1).number(code(entry.mode()), 1).text(entry.node()).number(entry.ticket(), 8);
        out.number(entry.purges().size(), 4);
        for (Purge purge : entry.purges()) {
            write(purge, out);
        }
        return out.array();
    }

    private static void write(Purge purge, EnvelopeWriter out) {
        switch (purge) {
            case Purge.Url url -> out.number(1, 1).text(url.authority()).text(url.pathAndQuery());
            case Purge.Tag tag -> out.number(2, 1).text(tag.name()).text(tag.scope());
            case Purge.Group group -> out.number(3, 1).text(group.authority()).text(group.name());
            case Purge.Prefix prefix ->
                out.number(4, 1).text(prefix.authority()).text(prefix.pathPrefix());
            case Purge.Match match -> out.number(5, 1).text(match.pattern().pattern());
            case Purge.Host host -> out.number(6, 1).text(host.host());
            case Purge.All all -> out.number(7, 1);
            case Purge.Gradual(Purge what, long from, long over) ->
                write(what, out.number(8, 1).number(from, 8).number(over, 8));
        }
    }

    /** What stands at {@code position}. */
    public static LogEntry decode(long position, byte[] content) {
        try {
            return read(position, new EnvelopeReader(content, 0, content.length));
        } catch (EnvelopeReader.Unreadable | IllegalArgumentException unknown) {
            return new LogEntry(position, "", 0, Set.of(new Purge.All()), Purge.Mode.DOUBT);
        }
    }

    private static LogEntry read(long position, EnvelopeReader in) throws EnvelopeReader.Unreadable {
        if (in.number(1) != VERSION) {
            throw EnvelopeReader.malformed();
        }
        Purge.Mode mode = mode((int) in.number(1));
        String node = in.text();
        long ticket = in.number(8);
        Set<Purge> purges = new LinkedHashSet<>();
        for (int left = in.count(1); left > 0; left--) {
            purges.add(purge(in));
        }
        in.expectEnd();
        return new LogEntry(position, node, ticket, purges, mode);
    }

    private static Purge purge(EnvelopeReader in) throws EnvelopeReader.Unreadable {
        int kind = (int) in.number(1);
        if (kind != 8) {
            return plain(kind, in);
        }
        long from = in.number(8);
        long over = in.number(8);
        return new Purge.Gradual(plain((int) in.number(1), in), from, over);
    }

    private static Purge plain(int kind, EnvelopeReader in) throws EnvelopeReader.Unreadable {
        return switch (kind) {
            case 1 -> new Purge.Url(in.text(), in.text());
            case 2 -> new Purge.Tag(in.text(), in.text());
            case 3 -> new Purge.Group(in.text(), in.text());
            case 4 -> new Purge.Prefix(in.text(), in.text());
            case 5 -> new Purge.Match(Glob.of(in.text()));
            case 6 -> new Purge.Host(in.text());
            case 7 -> new Purge.All();
            default -> throw EnvelopeReader.malformed();
        };
    }

    private static int code(Purge.Mode mode) {
        return switch (mode) {
            case SOFT -> 1;
            case DOUBT -> 2;
            case HARD -> 3;
        };
    }

    private static Purge.Mode mode(int code) throws EnvelopeReader.Unreadable {
        return switch (code) {
            case 1 -> Purge.Mode.SOFT;
            case 2 -> Purge.Mode.DOUBT;
            case 3 -> Purge.Mode.HARD;
            default -> throw EnvelopeReader.malformed();
        };
    }
}
