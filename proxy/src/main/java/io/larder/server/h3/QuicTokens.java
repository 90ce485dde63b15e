package io.larder.server.h3;

import io.larder.exchange.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;

/**
 * What clients have to bring back to show that they are at the address that they write from, where so many handshakes are under way
 * that some may be forged (RFC 9000 §8.1.2). Confined to one socket's loop.
 */
public final class QuicTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int TIME = Long.BYTES;
    private static final int SEAL = 16;
    private static final int MOST_CONNECTION_ID = 20; // RFC 9000 §17.2
    private static final long LIFE = TimeUnit.SECONDS.toNanos(10);

    private final Loop loop;
    private final BooleanSupplier wanted;
    private final Mac mac;

    /** @param wanted whether clients have to prove where they are now */
    public QuicTokens(Loop loop, BooleanSupplier wanted) {
        this.loop = loop;
        this.wanted = wanted;
        try {
            this.mac = Mac.getInstance(ALGORITHM);
            mac.init(KeyGenerator.getInstance(ALGORITHM).generateKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress client) {
        if (!wanted.getAsBoolean()) {
            return false;
        }
        long now = loop.nanos();
        byte[] id = ByteBufUtil.getBytes(connectionId);
        out.writeLong(now).writeBytes(seal(now, id, client)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress client) {
        int start = token.readerIndex();
        int id = token.readableBytes() - TIME - SEAL;
        if (id < 0 || id > MOST_CONNECTION_ID) {
            return -1;
        }
        long made = token.getLong(start);
        byte[] seal = ByteBufUtil.getBytes(token, start + TIME, SEAL);
        byte[] known = seal(made, ByteBufUtil.getBytes(token, start + TIME + SEAL, id), client);
        long age = loop.nanos() - made;
        return MessageDigest.isEqual(seal, known) && age >= 0 && age < LIFE ? TIME + SEAL : -1;
    }

    private byte[] seal(long made, byte[] connectionId, InetSocketAddress client) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            mac.update((byte) (made >>> shift));
        }
        mac.update((byte) (client.getPort() >>> Byte.SIZE));
        mac.update((byte) client.getPort());
        mac.update(client.getAddress().getAddress());
        return Arrays.copyOf(mac.doFinal(connectionId), SEAL);
    }

    @Override
    public int maxTokenLength() {
        return TIME + SEAL + MOST_CONNECTION_ID;
    }
}
