package io.larder.coherence;

/**
 * How far the log of purges was known when something was asked of the origin.
 *
 * @param epoch which log it is: positions of two epochs have nothing to do with each other
 * @param position of the last purge that was known
 */
public record AsOf(long epoch, long position) {
    /** Of a node that follows no log. */
    public static final AsOf NOTHING = new AsOf(0, 0);
}
