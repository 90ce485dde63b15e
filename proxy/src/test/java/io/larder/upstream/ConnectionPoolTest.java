package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import io.larder.exchange.ManualLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pool's rules in virtual time, over channels without sockets. */
class ConnectionPoolTest {
    private final ManualLoop loop = new ManualLoop();
    private final Server server = new Server(
            new UpstreamSettings.ServerSettings(Endpoint.of("a"), InetSocketAddress.createUnresolved("a", 1)),
            Rig.settings(),
            (one, nanos) -> false,
            (standing, why) -> {},
            0);
    private final Deque<Connector.Receiver> connecting = new ArrayDeque<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final ConnectionPool pool = new ConnectionPool(
            loop,
            server,
            new UpstreamSettings.Pool(2, 2, Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(10)),
            Duration.ofSeconds(1),
            (owner, client, limit, receiver) -> connecting.add(receiver));

    private static final class Borrower implements Lender.Borrower {
        boolean gone;

        @Nullable
        Connection lent;

        @Nullable
        Failure refused;

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public Client client() {
            return new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);
        }

        @Override
        public void lent(Passage passage) {
            lent = (Connection) passage;
        }

        @Override
        public void refused(Failure why) {
            refused = why;
        }

        Connection connection() {
            return Objects.requireNonNull(lent);
        }
    }

    private Borrower borrow(Duration maxIdle) {
        Borrower borrower = new Borrower();
        pool.borrow(borrower, maxIdle, Alarm.NEVER);
        return borrower;
    }

    private Borrower borrow() {
        return borrow(Lender.ANY);
    }

    /** The connection that was asked for first stands. */
    private EmbeddedChannel connected() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Connection connection = new Connection(channel, loop, pool, Duration.ofSeconds(60));
        channel.pipeline().addLast(connection);
        channels.add(channel);
        connecting.remove().connected(connection);
        return channel;
    }

    private Borrower lent() {
        Borrower borrower = borrow();
        connected();
        return borrower;
    }

    private ServerStats stats() {
        return server.stats(loop.nanos());
    }

    @Test
    void lendsTheOneUsedLast() {
        Connection first = lent().connection();
        Connection second = lent().connection();
        first.vacate(true);
        second.vacate(true);
        assertThat(stats().idle()).isEqualTo(2);
        assertThat(borrow().lent).isSameAs(second);
        assertThat(borrow().lent).isSameAs(first);
        assertThat(stats().idle()).isZero();
    }

    @Test
    void waitersAreServedInOrder() {
        Connection first = lent().connection();
        lent();
        Borrower third = borrow();
        Borrower fourth = borrow();
        assertThat(stats().pending()).isEqualTo(2);
        first.vacate(true);
        assertThat(third.lent).isSameAs(first);
        assertThat(fourth.lent).isNull();
        first.vacate(false);
        assertThat(connecting).as("a closed connection makes room for another").hasSize(1);
        connected();
        assertThat(fourth.lent).isNotNull().isNotSameAs(first);
        assertThat(stats().connections()).isEqualTo(2);
    }

    @Test
    void theQueueIsBoundedInLengthAndTime() {
        lent();
        lent();
        Borrower third = borrow();
        Borrower fourth = borrow();
        assertThat(borrow().refused).extracting(Failure::kind).isEqualTo(Failure.Kind.CONNECTION_LIMIT);
        loop.advance(Duration.ofMillis(1999));
        assertThat(third.refused).isNull();
        loop.advance(Duration.ofMillis(1));
        assertThat(third.refused).extracting(Failure::isUnsent).isEqualTo(true);
        assertThat(fourth.refused).isNotNull();
        assertThat(stats().pending()).isZero();
    }

    @Test
    void whoHasLeftIsPassedOver() {
        Connection first = lent().connection();
        lent();
        Borrower third = borrow();
        Borrower fourth = borrow();
        third.gone = true;
        Borrower fifth = borrow();
        assertThat(fifth.refused).as("the place of one who has left is free").isNull();
        first.vacate(true);
        assertThat(third.lent).isNull();
        assertThat(fourth.lent).isSameAs(first);
    }

    @Test
    void aConnectionThatComesTooLateGoesToTheNext() {
        Borrower first = borrow();
        lentTo(first);
        Borrower second = borrow();
        Borrower third = borrow();
        second.gone = true;
        connected();
        assertThat(second.lent).isNull();
        assertThat(third.lent).isNotNull();
    }

    private void lentTo(Borrower borrower) {
        connected();
        assertThat(borrower.lent).isNotNull();
    }

    @Test
    void aFailedConnectFreesItsPlace() {
        Borrower first = borrow();
        lent1();
        Borrower third = borrow();
        connecting.remove().failed(new Failure(Failure.Kind.CONNECTION_REFUSED, "", true));
        assertThat(first.refused).isNotNull();
        assertThat(connecting).as("for the one who waits").hasSize(1);
        connected();
        assertThat(third.lent).isNotNull();
    }

    private void lent1() {
        borrow();
        Connector.Receiver first = connecting.remove();
        connected();
        connecting.addFirst(first);
    }

    @Test
    void anUnusedConnectionIsClosedInTime() {
        Connection first = lent().connection();
        first.vacate(true);
        loop.advance(Duration.ofSeconds(59));
        assertThat(stats().connections()).isEqualTo(1);
        loop.advance(Duration.ofSeconds(1));
        assertThat(stats().connections()).isZero();
        assertThat(stats().idle()).isZero();
        assertThat(channels.get(0).isOpen()).isFalse();
    }

    @Test
    void anOldConnectionIsNotUsedAgain() {
        Connection first = lent().connection();
        loop.advance(Duration.ofMinutes(10));
        first.vacate(true);
        assertThat(stats().connections()).isZero();
    }

    @Test
    void bytesThatNobodyAskedForEndIt() {
        Connection first = lent().connection();
        first.vacate(true);
        channels.get(0).writeInbound(Unpooled.copiedBuffer(new byte[] {'H'}));
        assertThat(stats().connections()).isZero();
        assertThat(borrow().lent).isNull();
    }

    @Test
    void aClosedConnectionIsForgottenAtOnce() {
        Connection first = lent().connection();
        first.vacate(true);
        channels.get(0).close();
        assertThat(stats().idle()).isZero();
        assertThat(borrow().lent).isNull();
        assertThat(connecting).hasSize(1);
    }

    @Test
    void whatMayNotBeStaleGetsARecentOneOrAFreshOne() {
        Connection first = lent().connection();
        first.vacate(true);
        loop.advance(Duration.ofMillis(900));
        Borrower recent = borrow(Duration.ofSeconds(1));
        assertThat(recent.lent).isSameAs(first);
        first.vacate(true);
        loop.advance(Duration.ofMillis(1100));
        assertThat(borrow(Duration.ofSeconds(1)).lent).isNull();
        assertThat(connecting).hasSize(1);
        connected();
        assertThat(stats().connections()).as("the older one is kept for others").isEqualTo(2);
        borrow(Lender.FRESH);
        assertThat(connecting).as("the older one made room").hasSize(1);
        assertThat(stats().connections()).isEqualTo(2);
    }

    @Test
    void aRetiredPoolKeepsNothing() {
        Connection first = lent().connection();
        Connection second = lent().connection();
        first.vacate(true);
        pool.retire();
        assertThat(stats().connections()).isEqualTo(1);
        second.vacate(true);
        assertThat(stats().connections()).isZero();
    }
}
