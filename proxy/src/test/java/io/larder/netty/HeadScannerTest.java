package io.larder.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadScannerTest {
    @ParameterizedTest
    @CsvSource({
        "'a~~b', 5",
        "'a~b~~', 8",
        "'a~b', -1",
        "'a~', -1",
        "'a^^', 3",
        "'a~^', 4",
        "'a^~', 4",
        "'~~', 4",
        "'', -1"
    })
    void findsTheEndHoweverTheBytesCome(String text, int length) {
        byte[] bytes = text.replace("~", "\r\n").replace("^", "\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(new HeadScanner().find(Unpooled.wrappedBuffer(bytes))).isEqualTo(length);
        HeadScanner scanner = new HeadScanner();
        ByteBuf in = Unpooled.buffer();
        int found = -1;
        for (int i = 0; i < bytes.length && found < 0; i++) {
            in.writeByte(bytes[i]);
            found = scanner.find(in);
        }
        assertThat(found).isEqualTo(length);
    }

    @Test
    void appendingTakesOverBothBuffers() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        ByteBuf first = allocator.directBuffer(4).writeBytes(new byte[] {1, 2, 3});
        first.skipBytes(1);
        ByteBuf whole =
                Buffers.append(allocator, first, allocator.directBuffer(4).writeBytes(new byte[] {4, 5}));
        ByteBuf copied = Buffers.append(
                allocator, whole.asReadOnly(), allocator.directBuffer(4).writeBytes(new byte[] {6}));
        assertThat(Buffers.take(copied, copied.readableBytes())).containsExactly(2, 3, 4, 5, 6);
        copied.release();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .isZero();
    }

    @Test
    void bytesGoInAndOut() {
        Bytes bytes = Bytes.concat(List.of(Bytes.utf8("ab"), Bytes.utf8("c")));
        ByteBuf wrapped = Buffers.wrap(bytes);
        ByteBuf copied = Unpooled.buffer();
        Buffers.copy(bytes, copied);
        assertThat(wrapped).isEqualTo(copied);
        assertThat(Bytes.of(Buffers.take(wrapped, 3))).isEqualTo(bytes);
    }
}
