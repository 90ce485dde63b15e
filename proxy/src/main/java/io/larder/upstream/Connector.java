package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import java.time.Duration;

/** Opens connections to one server, on one loop. */
interface Connector {
    /** Takes the outcome, on the loop. */
    interface Receiver {
        void connected(Connection connection);

        /** Nothing has been sent. */
        void failed(Failure why);
    }

    /**
     * Begins to connect.
     *
     * @param owner of the connection, if there will be one
     * @param client for whom it is; he counts where the server is told who he is
     * @param limit on the time until it is usable
     */
    void connect(Connection.Owner owner, Client client, Duration limit, Receiver receiver);
}
