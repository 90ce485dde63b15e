package io.larder.upstream;

/** Is told when a server's standing changes. On whichever thread that happens: must not block. */
public interface News {
    /** Nobody wants to know. */
    News NONE = (upstream, server, standing, why) -> {};

    /**
     * A server is from now on {@code standing}.
     *
     * @param server its address, as configured
     * @param why for people; holds nothing secret
     */
    void changed(String upstream, String server, Standing standing, String why);
}
