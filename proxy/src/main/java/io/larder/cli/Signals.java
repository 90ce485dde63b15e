package io.larder.cli;

import java.lang.reflect.Proxy;

/**
 * What the process does when it is sent a signal.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only door to signals. The compiler warns of it and cannot be told not to, so it is
 * reached by name here, and only here; where it is missing, signals do what the JVM makes them do.
 */
final class Signals {
    private Signals() {}

    /**
     * Lets TERM and INT stop the gateway in good order, so that it ends with status 0, and USR1 reopen its logs.
     *
     * @param stop returns at once
     * @param reopen returns at once
     */
    static void handle(Runnable stop, Runnable reopen) {
        handle("TERM", stop);
        handle("INT", stop);
        handle("USR1", reopen);
    }

    /**
     * Lets HUP have the configuration read again; where there is none to read, it goes on ending the process.
     *
     * @param reload returns at once
     */
    static void handleHangup(Runnable reload) {
        handle("HUP", reload);
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object acting = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), acting);
        } catch (ReflectiveOperationException e) {
            System.err.println("larder: the signal " + name + " is not handled here: " + e);
        }
    }
}
