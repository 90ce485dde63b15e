package io.larder.server.h3;

import io.netty.buffer.ByteBuf;

/**
 * Where the frames of a stream begin and end (RFC 9114 §7.1), seen beside the codec that takes them and passes over those that it
 * does not know. Confined to its loop.
 */
final class Http3Frames {
    /** Is told of what begins. */
    interface Watch {
        /** A stream in one direction is of this kind (RFC 9114 §6.2). */
        void kind(long kind);

        /** A frame of this type has begun, whose payload has so many octets. */
        void frame(long type, long length);
    }

    static final long CONTROL = 0; // the kind of stream that has frames

    private enum Part {
        KIND,
        TYPE,
        LENGTH,
        PAYLOAD,
        /** No frames stand here. */
        OTHER
    }

    private static final int LENGTH_BITS = 6; // RFC 9000 §16: how long an integer is, in its first octet
    private static final int FIRST_VALUE = 0x3f;

    private final Watch watch;
    private Part part;
    private long integer;
    private int missing; // octets of the integer
    private boolean begun; // some of it is there
    private long type;
    private long payload; // octets still to come

    /** @param oneWay whether it begins with its kind */
    Http3Frames(boolean oneWay, Watch watch) {
        this.watch = watch;
        this.part = oneWay ? Part.KIND : Part.TYPE;
    }

    /** Whether a frame has begun that is not complete. */
    boolean isWithin() {
        return part == Part.LENGTH || part == Part.PAYLOAD || begun;
    }

    /** Looks at the octets of {@code in}, which stay there. */
    void look(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && part != Part.OTHER) {
            if (part == Part.PAYLOAD) {
                int taken = (int) Math.min(payload, end - at);
                at += taken;
                pay(taken);
            } else if (isWhole(in.getByte(at++) & 0xff)) {
                next();
            }
        }
    }

    private boolean isWhole(int octet) {
        if (!begun) {
            begun = true;
            missing = (1 << (octet >>> LENGTH_BITS)) - 1;
            integer = octet & FIRST_VALUE;
        } else {
            integer = integer << Byte.SIZE | octet;
            missing--;
        }
        begun = missing > 0;
        return !begun;
    }

    private void next() {
        switch (part) {
            case KIND -> {
                part = integer == CONTROL ? Part.TYPE : Part.OTHER;
                watch.kind(integer);
            }
            case TYPE -> {
                part = Part.LENGTH;
                type = integer;
            }
            case LENGTH -> {
                part = Part.PAYLOAD;
                payload = integer;
                watch.frame(type, payload);
                pay(0);
            }
            case PAYLOAD, OTHER -> throw new IllegalStateException("no integer stands here");
        }
    }

    private void pay(int octets) {
        payload -= octets;
        if (payload == 0) {
            part = Part.TYPE;
        }
    }
}
