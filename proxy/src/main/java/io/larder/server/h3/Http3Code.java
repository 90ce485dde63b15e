package io.larder.server.h3;

/** Why a stream or a connection of HTTP/3 ends (RFC 9114 §8.1). */
enum Http3Code {
    NO_ERROR(0x100),
    INTERNAL_ERROR(0x102),
    FRAME_ERROR(0x106),
    EXCESSIVE_LOAD(0x107),
    REQUEST_REJECTED(0x10b),
    REQUEST_CANCELLED(0x10c),
    REQUEST_INCOMPLETE(0x10d),
    MESSAGE_ERROR(0x10e);

    private final int number;

    Http3Code(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
