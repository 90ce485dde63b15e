package io.larder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeaksTest {
    @Test
    void reportsABufferThatNobodyReleased() {
        assertThat(Leaks.during(LeaksTest::forgetOne)).hasSize(1);
    }

    @Test
    void isSilentWhereEverythingIsReleased() {
        assertThat(Leaks.during(
                        () -> PooledByteBufAllocator.DEFAULT.directBuffer(64).release()))
                .isEmpty();
    }

    private static void forgetOne() {
        ByteBuf forgotten = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        forgotten.touch(Leaks.ON_PURPOSE);
    }
}
