package io.larder.server.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where frames begin and end (RFC 9114 §7.1), however their octets are cut. */
class Http3FramesTest {
    private static final byte[] STREAM = {
        1,
        2,
        'h',
        'h', // HEADERS
        0,
        0, // DATA, empty
        0,
        0x40,
        3,
        'a',
        'b',
        'c', // DATA, whose length takes two octets
        (byte) 0x80,
        0,
        0,
        0x21,
        (byte) 0xc0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        'x' // of no known type
    };

    private static final class Seen implements Http3Frames.Watch {
        final List<String> all = new ArrayList<>();

        @Override
        public void kind(long kind) {
            all.add("kind " + kind);
        }

        @Override
        public void frame(long type, long length) {
            all.add(type + ":" + length);
        }
    }

    private static void look(Http3Frames frames, byte[] octets, int from, int to) {
        frames.look(Unpooled.wrappedBuffer(octets, from, to - from));
    }

    @Test
    void framesAreSeenAtEverySplit() {
        for (int first = 0; first <= STREAM.length; first++) {
            for (int second = first; second <= STREAM.length; second++) {
                Seen seen = new Seen();
                Http3Frames frames = new Http3Frames(false, seen);
                look(frames, STREAM, 0, first);
                look(frames, STREAM, first, second);
                look(frames, STREAM, second, STREAM.length);
                assertThat(seen.all).containsExactly("1:2", "0:0", "0:3", "33:1");
                assertThat(frames.isWithin()).isFalse();
            }
        }
    }

    @Test
    void aFrameThatIsNotCompleteIsKnown() {
        List<Integer> between = List.of(0, 4, 6, 12, STREAM.length);
        for (int length = 0; length <= STREAM.length; length++) {
            Http3Frames frames = new Http3Frames(false, new Seen());
            look(frames, STREAM, 0, length);
            assertThat(frames.isWithin()).as("behind %d octets", length).isEqualTo(!between.contains(length));
        }
    }

    @Test
    void onlyTheControlStreamHasFrames() {
        byte[] control = new byte[STREAM.length + 1];
        System.arraycopy(STREAM, 0, control, 1, STREAM.length);
        Seen seen = new Seen();
        look(new Http3Frames(true, seen), control, 0, control.length);
        assertThat(seen.all).containsExactly("kind 0", "1:2", "0:0", "0:3", "33:1");
        byte[] encoder = Arrays.copyOf(control, control.length);
        encoder[0] = 2;
        Seen none = new Seen();
        look(new Http3Frames(true, none), encoder, 0, encoder.length);
        assertThat(none.all).containsExactly("kind 2");
    }
}
