package io.larder.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is held of bodies that are read to their end, and of how much all may hold together. */
class GatheringTest {
    private static final long ROOM = 100;

    private final Room room = new Room(ROOM);
    private final Held held = new Held(room);

    /** Gives chunks of ten octets, and ends, or breaks off. */
    private static final class Tens implements Source {
        private final Deque<Bytes> chunks = new ArrayDeque<>();
        private final boolean breaks;
        private boolean cancelled;

        Tens(int count, boolean breaks) {
            this.breaks = breaks;
            for (int i = 0; i < count; i++) {
                chunks.add(Bytes.utf8("0123456789"));
            }
        }

        @Override
        public void read(Sink sink) {
            Bytes next = chunks.poll();
            if (next != null) {
                sink.chunk(next);
            } else if (breaks) {
                sink.failed(new IllegalStateException("cut"));
            } else {
                sink.end(Headers.EMPTY);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private Gathering.Result gather(Body body, long limit) {
        return Gathering.of(body, limit, held).toCompletableFuture().join();
    }

    private Gathering.Result gather(int tens, long limit) {
        return gather(new Body.Live(new Tens(tens, false), Body.UNKNOWN), limit);
    }

    @Test
    void whatEndsSoonEnoughIsWholeAndHeldUntilItIsGivenUp() {
        assertThat(gather(5, 50))
                .isInstanceOfSatisfying(
                        Gathering.Result.Whole.class,
                        whole -> assertThat(whole.octets().length()).isEqualTo(50));
        assertThat(room.taken()).isEqualTo(50);
        held.end();
        assertThat(room.taken()).isZero();
    }

    @Test
    void whatIsLongerIsGivenBackWithItsRest() {
        Tens source = new Tens(9, false);
        assertThat(gather(new Body.Live(source, Body.UNKNOWN), 25))
                .isInstanceOfSatisfying(Gathering.Result.TooLong.class, tooLong -> {
                    assertThat(tooLong.begun().length()).isEqualTo(30);
                    assertThat(tooLong.rest()).isSameAs(source);
                });
        assertThat(source.cancelled).isFalse();
        assertThat(source.chunks).hasSize(6);
    }

    @Test
    void whatSaysItselfThatItIsLongerIsNotReadAtAll() {
        Tens source = new Tens(9, false);
        assertThat(gather(new Body.Live(source, 90), 25)).isInstanceOf(Gathering.Result.TooLong.class);
        assertThat(source.chunks).hasSize(9);
    }

    @Test
    void allTogetherHoldNoMoreThanTheRoom() {
        Held other = new Held(room);
        assertThat(other.take(60)).isTrue();
        assertThat(gather(9, 1000)).isInstanceOf(Gathering.Result.Crowded.class);
        assertThat(room.taken()).isEqualTo(ROOM);
        other.end();
        held.end();
        assertThat(room.taken()).isZero();
        assertThat(held.take(1)).as("what is over holds nothing").isFalse();
        assertThat(room.taken()).isZero();
    }

    @Test
    void whatBreaksOffIsBroken() {
        assertThat(gather(new Body.Live(new Tens(2, true), Body.UNKNOWN), 1000))
                .isInstanceOf(Gathering.Result.Broken.class);
    }

    @Test
    void whatIsHereTakesNoRoom() {
        Bytes much = Bytes.concat(List.of(Bytes.of(new byte[500])));
        assertThat(gather(new Body.Whole(much), 10)).isEqualTo(new Gathering.Result.Whole(much));
        assertThat(room.taken()).isZero();
    }
}
