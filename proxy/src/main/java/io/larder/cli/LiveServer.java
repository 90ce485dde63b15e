package io.larder.cli;

import io.larder.app.Larder;
import io.larder.app.Platform;
import io.larder.app.Rereading;
import io.larder.app.StartFailure;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.Problems;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the gateway in this process until a signal ends it. */
final class LiveServer implements Server {
    private static final String AS_ROOT = "larder: warning: it runs as root, and need not: for ports below 1024"
            + " CAP_NET_BIND_SERVICE is enough (config/systemd/larder.service)";

    private final ConfigFiles files;

    LiveServer(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public int run(Source source, Consumer<List<Listening>> whenServing) throws InterruptedException {
        if (isSuperuser(System.getProperty("user.name"))) {
            System.err.println(AS_ROOT);
        }
        Larder larder = started(source);
        Signals.handle(larder::stop, larder::reopenLogs);
        if (source instanceof Source.ConfigFile) {
            Signals.handleHangup(larder::reload);
        }
        List<Listening> listening = new ArrayList<>();
        larder.addresses().forEach((name, address) -> listening.add(new Listening(name, text(address))));
        listening.add(new Listening("admin", text(larder.adminAddress())));
        whenServing.accept(listening);
        larder.await();
        return Exit.DONE;
    }

    /** Whether whoever is called so may do anything. */
    static boolean isSuperuser(@Nullable String user) {
        return "root".equals(user);
    }

    private Larder started(Source source) {
        return switch (source) {
            case Source.ConfigFile file -> {
                ConfigLoader.Reading reading = files.read(file);
                Rereading again = new Rereading(reading.sources(), () -> files.read(file), file.watched());
                yield started(config(reading.loaded()), again);
            }
            case Source.Fronting options -> started(config(files.load(options)), null);
        };
    }

    private static LarderConfig config(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good good -> {
                if (!good.warnings().isEmpty()) {
                    System.err.print(Problems.text(good.warnings()));
                }
                yield good.config();
            }
            case Loaded.Bad bad ->
                throw new Failed(
                        Exit.BAD_INPUT,
                        "the configuration cannot be used\n"
                                + Problems.text(bad.problems()).stripTrailing());
        };
    }

    private static Larder started(LarderConfig config, @Nullable Rereading again) {
        try {
            return Larder.start(config, Platform.ofProcess(Version.number()), again);
        } catch (StartFailure failure) {
            throw new Failed(failure.isConfiguration() ? Exit.BAD_INPUT : Exit.FAILED, failure.message());
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
