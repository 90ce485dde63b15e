package io.larder.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code larder serve} does, however its arguments were read: says where the gateway listens, keeps a pid file. */
record Serve(Server server, PrintWriter out, PrintWriter err) {
    static final String DEFAULT_BIND = ":8080";

    /**
     * Runs until the process is told to stop.
     *
     * @param pidFile holds the process id while the gateway runs; null for none
     * @return the exit status
     * @throws Failed with words for the user
     */
    int run(Source source, @Nullable Path pidFile) throws InterruptedException {
        try {
            return server.run(source, listeners -> serving(listeners, pidFile));
        } finally {
            removePid(pidFile);
        }
    }

    private void serving(List<Server.Listening> listeners, @Nullable Path pidFile) {
        writePid(pidFile);
        listeners.forEach(listener -> out.println("larder: " + listener.name() + " on " + listener.address()));
        out.flush();
    }

    private static void writePid(@Nullable Path pidFile) {
        if (pidFile != null) {
            try {
                Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
            } catch (IOException e) {
                throw new Failed(Exit.FAILED, "cannot write the pid file " + pidFile + ": " + e);
            }
        }
    }

    private void removePid(@Nullable Path pidFile) {
        if (pidFile != null) {
            try {
                Files.deleteIfExists(pidFile);
            } catch (IOException e) {
                err.println("larder: cannot remove the pid file " + pidFile + ": " + e);
            }
        }
    }
}
