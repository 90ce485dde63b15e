package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.LoggedLines;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptorTest {
    /** Where descriptors have run out each accept fails at once: a socket that is asked again and again would keep its loop busy. */
    @Test
    void aSocketThatCannotAcceptRestsAndComesBack() throws Exception {
        try (LoggedLines log = new LoggedLines(Acceptor.class)) {
            EmbeddedChannel socket = new EmbeddedChannel(new Acceptor("web"));
            socket.freezeTime();
            for (int turn = 0; turn < 3; turn++) {
                socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
                socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
                assertThat(socket.config().isAutoRead()).isFalse();
                assertThat(log.next().getFormattedMessage()).contains("web", "Too many open files");
                assertThat(log.isEmpty()).as("one line for each rest").isTrue();
                socket.advanceTimeBy(499, TimeUnit.MILLISECONDS);
                socket.runPendingTasks();
                assertThat(socket.config().isAutoRead()).isFalse();
                socket.advanceTimeBy(1, TimeUnit.MILLISECONDS);
                socket.runPendingTasks();
                assertThat(socket.config().isAutoRead()).isTrue();
            }
            assertThat(socket.isOpen()).isTrue();
            socket.finishAndReleaseAll();
        }
    }
}
