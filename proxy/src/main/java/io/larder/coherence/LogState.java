package io.larder.coherence;

/**
 * What the log is at a moment.
 *
 * @param epoch which log it is
 * @param floor the greatest position that was forgotten, 0 where none was
 * @param last the greatest position that was ever given
 */
public record LogState(long epoch, long floor, long last) {}
