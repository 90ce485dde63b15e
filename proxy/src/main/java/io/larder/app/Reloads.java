package io.larder.app;

import io.larder.admin.Events;
import io.larder.admin.ReloadCall;
import io.larder.admin.ReloadReport;
import io.larder.admin.Reloading;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.Change;
import io.larder.config.load.ConfigDifference;
import io.larder.config.load.ConfigLoader;
import io.larder.config.source.Problem;
import io.larder.config.source.Sources;
import io.larder.exchange.Shared;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again when it is asked to, and lets it become live if it is good. One at a time, on the
 * thread of their own, for they may wait for name servers: who asks while one runs gets the answer of the next, which is one for all of them.
 */
@Shared
final class Reloads implements Reloading {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);
    private static final int SAID = 5; // changes in a line of the log

    private final Rereading source;
    private final Executor thread;
    private final Succession succession;
    private final Live live;
    private final Events events;
    private final InstantSource clock;
    private volatile Consumer<Sources> watcher = sources -> {};
    private final FileDigests digests = new FileDigests(); // on the thread, once that runs
    private @Nullable CompletableFuture<ReloadReport> waiting; // for its turn; under the lock of this

    Reloads(Rereading source, Assembly parts, Succession succession) {
        this.source = source;
        this.thread = parts.reloading();
        this.succession = succession;
        this.live = parts.live();
        this.events = parts.events();
        this.clock = parts.clock();
        digests.changed(source.read()); // at once: what is changed from now on is a change
    }

    /** @param watcher is told from what the configuration was read, each time */
    void tell(Consumer<Sources> watcher) {
        this.watcher = watcher;
    }

    @Override
    public synchronized CompletionStage<ReloadReport> reload() {
        CompletableFuture<ReloadReport> next = waiting;
        if (next == null) {
            next = new CompletableFuture<>();
            waiting = next;
            try {
                thread.execute(this::run);
            } catch (RejectedExecutionException closing) {
                next.complete(new ReloadReport.Refused(List.of(ReloadReport.Trouble.of("the gateway is stopping"))));
            }
        }
        return next;
    }

    private synchronized CompletableFuture<ReloadReport> begin() {
        CompletableFuture<ReloadReport> begun = waiting == null ? new CompletableFuture<>() : waiting;
        waiting = null;
        return begun;
    }

    private void run() {
        CompletableFuture<ReloadReport> asked = begin();
        ReloadReport report;
        try {
            long began = System.nanoTime();
            ConfigLoader.Reading reading = source.again().get();
            report = switch (reading.loaded()) {
                case Loaded.Good good -> replaced(good, reading.sources(), began);
                case Loaded.Bad bad ->
                    refused(bad.problems().stream().map(Reloads::trouble).toList());
            };
            watcher.accept(reading.sources());
        } catch (RuntimeException bug) {
            LOG.error("reading the configuration again failed because of a bug", bug);
            report = refused(List.of(ReloadReport.Trouble.of("a bug: the gateway's log says where")));
        }
        asked.complete(report);
    }

    private ReloadReport replaced(Loaded.Good good, Sources sources, long began) {
        LarderConfig before = live.now().config();
        List<String> renewed;
        try {
            renewed = succession.replace(good.config());
        } catch (StartFailure failure) {
            return refused(List.of(ReloadReport.Trouble.of(failure.message())));
        }
        List<String> files = digests.changed(sources).stream()
                .filter(file -> !good.config().files().contains(file))
                .map(Path::toString)
                .toList();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        live.succeeded(!good.config().equals(before) || !files.isEmpty(), clock.instant());
        List<Change> changes = new ArrayList<>(ConfigDifference.between(before, good.config()));
        renewed.forEach(name -> changes.add(
                new Change.Changed("upstreams." + name + ".tls", "", "its files", "read anew, with other content")));
        ReloadReport.Done done = new ReloadReport.Done(
                changes.stream().map(Reloads::difference).toList(),
                files,
                live.restartNeeded(),
                good.warnings().stream().map(Reloads::trouble).toList(),
                took);
        LOG.info("{} ({} ms)", inShort(changes, files), done.took().toMillis());
        if (!done.restartNeeded().isEmpty()) {
            LOG.warn("takes effect at the next start: {}", String.join(", ", done.restartNeeded()));
        }
        done.warnings().forEach(odd -> LOG.warn("{}", odd.text()));
        events.publish("reload", ReloadCall.event(done));
        return done;
    }

    private ReloadReport refused(List<ReloadReport.Trouble> problems) {
        String first = first(problems);
        live.refused(first);
        LOG.error("the configuration is refused, and the one before stays live: {}", first);
        ReloadReport refused = new ReloadReport.Refused(problems);
        events.publish("reload", ReloadCall.event(refused));
        return refused;
    }

    private static String inShort(List<Change> changes, List<String> files) {
        List<String> all = Stream.concat(
                        changes.stream().map(Change::text), files.stream().map(file -> "~ the content of " + file))
                .toList();
        if (all.isEmpty()) {
            return "the configuration was read again, nothing has changed";
        }
        int more = all.size() - SAID;
        return "the configuration has changed: " + String.join("; ", all.subList(0, Math.min(SAID, all.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    /** The first of {@code problems} that is more than a warning, and how many there are. */
    private static String first(List<ReloadReport.Trouble> problems) {
        String first = problems.stream()
                .filter(problem -> !problem.isWarning())
                .findFirst()
                .map(ReloadReport.Trouble::text)
                .orElse("it cannot be used");
        return problems.size() == 1 ? first : first + " (and " + (problems.size() - 1) + " more)";
    }

    private static ReloadReport.Trouble trouble(Problem problem) {
        return new ReloadReport.Trouble(
                problem.place().toString(),
                problem.severity() == Problem.Severity.WARNING,
                problem.message(),
                problem.suggestion());
    }

    private static ReloadReport.Difference difference(Change change) {
        return switch (change) {
            case Change.Added(String path, String route, String value) ->
                new ReloadReport.Difference(ReloadReport.Kind.ADDED, path, route, null, value);
            case Change.Removed(String path, String route, String value) ->
                new ReloadReport.Difference(ReloadReport.Kind.REMOVED, path, route, value, null);
            case Change.Changed(String path, String route, String before, String after) ->
                new ReloadReport.Difference(ReloadReport.Kind.CHANGED, path, route, before, after);
            case Change.Moved(String path, String route, int from) ->
                new ReloadReport.Difference(ReloadReport.Kind.MOVED, path, route, "[" + from + "]", null);
        };
    }
}
