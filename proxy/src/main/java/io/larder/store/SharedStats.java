package io.larder.store;

/**
 * How it went with the tier that nodes share, since the start: a value.
 *
 * @param hits questions that were answered with something, whatever purges have left of it
 * @param misses questions that were answered with nothing of use
 * @param failed questions and writes that were not answered, or refused
 * @param foreign what was found and could not be read: of another version or key, damaged, or not all there
 * @param written responses that were written
 * @param dropped responses that were not, because too much was waiting
 * @param waiting octets that wait to be written now
 */
public record SharedStats(
        long hits, long misses, long failed, long foreign, long written, long dropped, long waiting) {}
