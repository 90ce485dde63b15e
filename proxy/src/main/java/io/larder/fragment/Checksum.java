package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.zip.CRC32;

/**
 * The CRC-32 of some content (RFC 1952 §8), which can be put after that of other content without looking at either again.
 *
 * <p>A CRC is the remainder of a polynomial over two elements, the highest power in the lowest bit. To have {@code length}
 * octets follow is to multiply by x<sup>8·length</sup>; the CRCs' complements at both ends cancel each other out.
 *
 * @param crc of the content
 * @param length of the content, in octets
 * @param shift x<sup>8·length</sup>, modulo the polynomial: what a CRC is multiplied by when the content follows
 */
record Checksum(int crc, long length, int shift) {
    private static final int POLYNOMIAL = 0xEDB88320; // without x^32
    private static final int ONE = 1 << 31;
    private static final int OCTET = 1 << 23; // x^8

    /** Of {@code content}, which is looked at once. */
    static Checksum of(Bytes content) {
        CRC32 sum = new CRC32();
        for (Bytes.Segment segment : content.segments()) {
            sum.update(segment.array(), segment.offset(), segment.length());
        }
        return new Checksum((int) sum.getValue(), content.length(), shift(content.length()));
    }

    /** The CRC of what has {@code earlier} as its CRC, and of this content after it. */
    int after(int earlier) {
        return product(earlier, shift) ^ crc;
    }

    /** x<sup>8·length</sup>, by squaring. */
    private static int shift(long length) {
        int power = ONE;
        int square = OCTET;
        for (long left = length; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = product(power, square);
            }
            square = product(square, square);
        }
        return power;
    }

    private static int product(int one, int other) {
        int sum = 0;
        int multiple = other;
        for (int left = one; left != 0; left <<= 1) {
            sum ^= multiple & left >> 31;
            multiple = multiple >>> 1 ^ (POLYNOMIAL & -(multiple & 1));
        }
        return sum;
    }
}
