package io.larder.store.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.larder.http.Bytes;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.store.format.Decoded.Foreign;
import io.larder.store.format.Decoded.Whole;
import io.larder.store.format.Decoded.Why;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever lies in the shared tier: reading it ends, throws nothing, and takes little memory. */
class StoredFormatFuzzTest {
    private static final int ROUNDS = 60_000;
    private static final CacheKey KEY = Specimens.key("http://a/p?q");
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What decoding may take for each octet: small texts in lists become objects. */
    private static final int TIMES = 64;

    /** And once: classes that are loaded, and what the virtual machine does at our expense. */
    private static final long AND = 1024 * 1024;

    private final Random random = new Random(20261130);
    private final Specimens specimens = new Specimens(7);

    private Decoded decoded(byte[] envelope) {
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        Decoded decoded = StoredFormat.decode(KEY, envelope);
        long taken = MEMORY.getCurrentThreadAllocatedBytes() - before;
        assertThat(taken).isLessThan((long) TIMES * envelope.length + AND);
        return decoded;
    }

    private List<byte[]> envelopes() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Stored stored = specimens.stored();
            all.add(StoredFormat.encode(KEY, new Stored(stored.head(), Bytes.utf8("body")), specimens.asOf(), i)
                    .head());
        }
        for (int i = 0; i < 10; i++) {
            Bytes large = specimens.octets(StoredFormat.CHUNK * 2);
            Stored stored = new Stored(specimens.stored().head(), large);
            all.add(StoredFormat.encode(KEY, stored, specimens.asOf(), i).head());
        }
        return all;
    }

    @Test
    void anyOctets() {
        byte[] sound = envelopes().get(0);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            int kept = random.nextInt(Math.min(octets.length, 12) + 1);
            System.arraycopy(sound, 0, octets, 0, kept);
            assertThat(decoded(octets)).isInstanceOf(Foreign.class);
            if (octets.length >= 13) {
                System.arraycopy(sound, 0, octets, 0, 5);
                assertThat(decoded(Forgery.sealed(octets))).isEqualTo(new Foreign(Why.MALFORMED));
            }
        }
    }

    @Test
    void forgedEnvelopes() {
        List<byte[]> envelopes = envelopes();
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] forged = envelopes.get(random.nextInt(envelopes.size()));
            for (int n = random.nextInt(3); n >= 0; n--) {
                forged = mutated(forged, envelopes);
            }
            Decoded decoded = decoded(Forgery.sealed(forged));
            String outcome = switch (decoded) {
                case Whole whole -> again(whole);
                case Chunked chunked -> refused(chunked);
                case Foreign foreign -> foreign.why().name();
            };
            outcomes.merge(outcome, 1, Integer::sum);
        }
        assertThat(outcomes.keySet()).contains("whole", "chunked", Why.MALFORMED.name(), Why.ANOTHER_KEY.name());
        assertThat(outcomes.get("whole")).isGreaterThan(ROUNDS / 20);
    }

    /** What was read of a forged envelope is like anything else that is stored: it can be written, and read again. */
    private String again(Whole whole) {
        byte[] envelope =
                StoredFormat.encode(KEY, whole.stored(), whole.asOf(), 0).head();
        Whole again = (Whole) StoredFormat.decode(KEY, envelope);
        StoredFormatTest.assertSame(again.stored(), whole.stored());
        return "whole";
    }

    private static String refused(Chunked chunked) {
        List<byte[]> chunks = new ArrayList<>();
        for (int place = 0; place < chunked.count(); place++) {
            chunks.add(ByteBuffer.allocate(100)
                    .putLong(chunked.generation())
                    .putInt(place)
                    .array());
        }
        assertThat(chunked.with(chunks)).isInstanceOf(Foreign.class);
        assertThat(chunked.with(List.of())).isEqualTo(new Foreign(Why.MISSING_CHUNK));
        return "chunked";
    }

    private byte[] mutated(byte[] envelope, List<byte[]> others) {
        byte[] all = envelope.clone();
        int from = Forgery.PREFIX;
        int at = from + random.nextInt(all.length - from - Forgery.CHECK - 8);
        switch (random.nextInt(6)) {
            case 0 -> all[at] = (byte) random.nextInt(256);
            case 1 -> all[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> ByteBuffer.wrap(all).putInt(at, extreme());
            case 3 -> ByteBuffer.wrap(all).putLong(at, random.nextLong() >> random.nextInt(64));
            case 4 -> {
                byte[] other = others.get(random.nextInt(others.size()));
                int length = random.nextInt(Math.min(60, Math.min(all.length - at, other.length)));
                System.arraycopy(other, random.nextInt(other.length - length), all, at, length);
            }
            default -> {
                int gone = random.nextInt(Math.min(20, all.length - at - Forgery.CHECK));
                byte[] more = new byte[random.nextInt(20)];
                random.nextBytes(more);
                return Forgery.join(Arrays.copyOf(all, at), more, Arrays.copyOfRange(all, at + gone, all.length));
            }
        }
        return all;
    }

    private int extreme() {
        int[] extremes = {0, 1, -1, 2, 0x7fffffff, 0x80000000, 0x10000, 1 << 28, 0xff, 0x0d0a0d0a};
        return extremes[random.nextInt(extremes.length)];
    }

    @Test
    void manySmallThingsTakeLittleMemory() {
        Forgery forgery = Forgery.of(envelopes().get(0));
        byte[] lines = ("A:\r\n".repeat(20_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] tags = Forgery.text("\0\0\0\1a".repeat(20_000));
        tags = Arrays.copyOfRange(tags, 4, tags.length);
        byte[] texts = Forgery.join(Forgery.text(""), Forgery.number(20_000, 4), tags, Forgery.number(0, 4));
        assertThat(decoded(forgery.with(7, lines).envelope())).isInstanceOf(Whole.class);
        assertThat(decoded(forgery.with(10, texts).envelope())).isInstanceOf(Whole.class);
    }
}
