package io.larder.upstream.discovery;

import io.larder.exchange.Shared;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers in a file ({@link ServerLines}), which is looked at every second and read when it has changed. Names in it are told as
 * names. Looks happen on the ticker's thread; only starting and ending happen elsewhere.
 */
@Shared
public final class FileDiscovery implements Discovery {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long MOST_BYTES = 4 * 1024 * 1024;

    private final Path file;
    private final Ticker ticker;
    private final List<Ticker.Tick> ticks = new ArrayList<>(); // one at most; guarded by this
    private volatile boolean closed;

    public FileDiscovery(Path file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
    }

    @Override
    public synchronized void start(Listener listener) {
        if (!closed) {
            ticks.add(ticker.every(PAUSE, new Watch(new Announcer(listener))));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        ticks.forEach(Ticker.Tick::cancel);
    }

    /** Confined to the ticker's thread. */
    private final class Watch implements Runnable {
        private final Announcer announcer;
        private FileLook look = FileLook.FIRST;

        Watch(Announcer announcer) {
            this.announcer = announcer;
        }

        @Override
        public void run() {
            if (closed) {
                return;
            }
            try {
                FileIdentity now = FileIdentity.of(file);
                if (look.isToRead(now)) {
                    look = FileLook.read(now);
                    read(now);
                } else {
                    look = look.saw(now);
                }
            } catch (NoSuchFileException e) {
                unreadable("there is no such file");
            } catch (CharacterCodingException e) {
                announcer.bad(file + ": it is not text in UTF-8");
            } catch (IOException e) {
                unreadable("it cannot be read: " + e.getMessage());
            }
        }

        private void unreadable(String why) {
            look = FileLook.missing();
            announcer.bad(file + ": " + why);
        }

        private void read(FileIdentity now) throws IOException {
            if (now.size() > MOST_BYTES) {
                announcer.bad(file + ": it is larger than " + MOST_BYTES + " bytes");
                return;
            }
            switch (ServerLines.parse(file.toString(), Files.readString(now.real()))) {
                case ServerLines.Servers(List<Found> all) -> announcer.good(all);
                case ServerLines.Broken broken -> announcer.bad(broken.summary());
            }
        }
    }
}
