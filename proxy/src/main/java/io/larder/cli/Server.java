package io.larder.cli;

import java.util.List;
import java.util.function.Consumer;

/** Runs the gateway in this process. */
public interface Server {
    /** A port that now accepts connections; {@code address} such as {@code 0.0.0.0:8080}. */
    record Listening(String name, String address) {}

    /**
     * Runs until the process is told to stop and requests have drained.
     *
     * @param whenServing called once, when every listener accepts connections
     * @return the exit status
     * @throws Failed with words for the user, when the gateway cannot start
     */
    int run(Source source, Consumer<List<Listening>> whenServing) throws InterruptedException;
}
