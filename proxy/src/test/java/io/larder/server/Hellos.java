package io.larder.server;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** First words of clients (RFC 5246 §7.4.1.2) that no library would say. */
final class Hellos {
    private Hellos() {}

    /**
     * A record with a ClientHello.
     *
     * @param version such as 0x0302 for TLS 1.1
     * @param padding octets of an extension that means nothing (RFC 7685); the record says the length of all, however long
     */
    static byte[] hello(int version, List<Integer> ciphers, int padding) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(version);
        out.write(new byte[32]);
        out.writeByte(0); // no session
        out.writeShort(2 * ciphers.size());
        for (int cipher : ciphers) {
            out.writeShort(cipher);
        }
        out.writeShort(0x0100); // no compression
        byte[] extensions = extensions(padding);
        out.writeShort(extensions.length & 0xffff);
        out.write(extensions);
        byte[] hello = body.toByteArray();

        ByteArrayOutputStream record = new ByteArrayOutputStream();
        DataOutputStream all = new DataOutputStream(record);
        all.writeByte(22);
        all.writeShort(0x0301);
        all.writeShort(Math.min(16 * 1024, hello.length + 4));
        all.writeByte(1);
        all.writeByte(hello.length >> 16);
        all.writeShort(hello.length & 0xffff);
        all.write(hello);
        return record.toByteArray();
    }

    private static byte[] extensions(int padding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x000a0004); // supported_groups: secp256r1
        out.writeInt(0x00020017);
        out.writeInt(0x000b0002); // ec_point_formats: uncompressed
        out.writeShort(0x0100);
        out.writeInt(0x000d0006); // signature_algorithms
        out.writeShort(4);
        out.writeInt(0x04030401);
        if (padding > 0) {
            out.writeShort(21);
            out.writeShort(padding);
            out.write(new byte[padding]);
        }
        return bytes.toByteArray();
    }
}
