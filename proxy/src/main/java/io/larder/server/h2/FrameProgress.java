package io.larder.server.h2;

import io.netty.buffer.ByteBuf;

/**
 * Where the frames of a connection begin and end (RFC 9113 §4.1), seen beside the reader that takes them: what the client
 * has begun and not completed, it owes. Confined to its loop.
 */
final class FrameProgress {
    private static final int HEAD = 9;
    private static final byte DATA = 0;
    private static final byte HEADERS = 1;
    private static final byte CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private boolean within; // the head of a frame has been taken, its payload has not
    private boolean begun; // some of a frame's head is there
    private boolean blockOpen; // a field section goes on in the next frame
    private int payload;
    private byte type;
    private short flags;
    private int stream;
    private long blockOctets;
    private long complete;

    /** The reader has taken what lies between {@code from} and the reader index of {@code in}: heads and payloads, each whole. */
    void taken(ByteBuf in, int from) {
        int at = from;
        int end = in.readerIndex();
        while (at < end) {
            if (!within) {
                if (end - at < HEAD) {
                    break; // the reader has given up
                }
                payload = in.getUnsignedMedium(at);
                type = in.getByte(at + 3);
                flags = in.getUnsignedByte(at + 4);
                stream = in.getInt(at + 5) & Integer.MAX_VALUE;
                at += HEAD;
                within = true;
            }
            if (at < end || payload == 0) {
                at += payload;
                within = false;
                completed();
            }
        }
        begun = within || in.isReadable();
    }

    private void completed() {
        if (type == HEADERS || type == CONTINUATION) {
            blockOctets = type == HEADERS ? payload : blockOctets + payload;
            blockOpen = (flags & END_HEADERS) == 0;
        }
        if (!blockOpen) {
            complete++;
        }
    }

    /** Frames that are complete; a field section is complete with its last one. */
    long complete() {
        return complete;
    }

    /** How many octets of the last field section have come, compressed. */
    long blockOctets() {
        return blockOctets;
    }

    /** Whether something is begun and not complete that a client sends in one go: anything but content. */
    boolean isOwed() {
        return blockOpen || (begun && !isWithinData());
    }

    /** The stream of content of which a part has come; 0 where there is none. */
    int arriving() {
        return isWithinData() ? stream : 0;
    }

    private boolean isWithinData() {
        return within && type == DATA;
    }
}
