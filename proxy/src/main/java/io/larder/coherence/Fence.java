package io.larder.coherence;

/**
 * What a fetch takes along when it starts: no purge that comes later can be missed by what it brings.
 *
 * @param own among all purges, in the order in which this node learned of them
 * @param shared among those of the log
 */
public record Fence(Position own, AsOf shared) {}
