package io.larder.server.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What shows that a client is where it says (RFC 9000 §8.1.4): it is of this place, this time and this address. */
class QuicTokensTest {
    private static final ByteBuf ID = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    private final ManualLoop loop = new ManualLoop();
    private final QuicTokens tokens = new QuicTokens(loop, () -> true);
    private final InetSocketAddress client = at(7, 4000);

    private static InetSocketAddress at(int host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, ID, client)).isTrue();
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        return token;
    }

    @Test
    void whoBringsItBackIsBelieved() {
        ByteBuf token = token();
        int offset = tokens.validateToken(token, client);
        assertThat(token.slice(offset, token.readableBytes() - offset)).isEqualTo(ID);
    }

    @Test
    void fromElsewhereItIsWorthNothing() {
        assertThat(tokens.validateToken(token(), at(8, 4000))).isEqualTo(-1);
        assertThat(tokens.validateToken(token(), at(7, 4001))).isEqualTo(-1);
        assertThat(new QuicTokens(loop, () -> true).validateToken(token(), client))
                .as("of another key")
                .isEqualTo(-1);
    }

    @Test
    void itDoesNotLast() {
        ByteBuf token = token();
        loop.advance(Duration.ofMillis(9_999));
        assertThat(tokens.validateToken(token, client)).isPositive();
        loop.advance(Duration.ofMillis(1));
        assertThat(tokens.validateToken(token, client)).isEqualTo(-1);
    }

    @Test
    void whatIsChangedIsWorthNothing() {
        ByteBuf token = token();
        for (int i = 0; i < token.readableBytes(); i++) {
            ByteBuf changed = token.copy();
            changed.setByte(i, changed.getByte(i) ^ 1);
            assertThat(tokens.validateToken(changed, client)).isEqualTo(-1);
            assertThat(tokens.validateToken(token.slice(0, i), client)).isEqualTo(-1);
        }
    }

    @Test
    void noneIsAskedForWhereItIsQuiet() {
        assertThat(new QuicTokens(loop, () -> false).writeToken(Unpooled.buffer(), ID, client))
                .isFalse();
    }
}
