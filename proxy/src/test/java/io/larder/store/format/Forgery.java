package io.larder.store.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** An envelope that somebody alters who knows how to make it look sound. */
final class Forgery {
    static final int PREFIX = 9;
    static final int CHECK = 4;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Field(int number, byte[] content) {}

    private final byte[] prefix;
    private final List<Field> fields = new ArrayList<>();

    private Forgery(byte[] prefix) {
        this.prefix = prefix;
    }

    static Forgery of(byte[] envelope) {
        Forgery all = new Forgery(Arrays.copyOf(envelope, PREFIX));
        ByteBuffer in = ByteBuffer.wrap(envelope, PREFIX, envelope.length - PREFIX - CHECK);
        while (in.hasRemaining()) {
            int number = in.get() & 0xff;
            byte[] content = new byte[in.getInt()];
            in.get(content);
            all.fields.add(new Field(number, content));
        }
        return all;
    }

    byte[] field(int number) {
        return fields.stream()
                .filter(field -> field.number == number)
                .findFirst()
                .orElseThrow()
                .content;
    }

    List<Integer> numbers() {
        return fields.stream().map(Field::number).toList();
    }

    /** With this field in its place, and no other of its number. */
    Forgery with(int number, byte[]... content) {
        without(number);
        int place = (int) fields.stream().filter(field -> field.number < number).count();
        fields.add(place, new Field(number, join(content)));
        return this;
    }

    Forgery without(int number) {
        fields.removeIf(field -> field.number == number);
        return this;
    }

    /** With this field at the end, whatever was there before. */
    Forgery then(int number, byte[]... content) {
        fields.add(new Field(number, join(content)));
        return this;
    }

    byte[] envelope() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(prefix);
        for (Field field : fields) {
            out.write(field.number);
            out.writeBytes(number(field.content.length, 4));
            out.writeBytes(field.content);
        }
        out.writeBytes(new byte[CHECK]);
        return sealed(out.toByteArray());
    }

    /** {@code envelope} with the size and the checksum that it ought to have. */
    static byte[] sealed(byte[] envelope) {
        byte[] sealed = envelope.clone();
        int end = sealed.length - CHECK;
        ByteBuffer.wrap(sealed).putInt(PREFIX - 4, sealed.length);
        CRC32C crc = new CRC32C();
        crc.update(sealed, 0, end);
        ByteBuffer.wrap(sealed).putInt(end, (int) crc.getValue());
        return sealed;
    }

    static byte[] number(long value, int octets) {
        return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(value).array(), 8 - octets, 8);
    }

    static byte[] text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return join(number(utf8.length, 4), utf8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
