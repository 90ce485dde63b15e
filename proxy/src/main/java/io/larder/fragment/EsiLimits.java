package io.larder.fragment;

/**
 * What a page may ask for: a value.
 *
 * @param tag octets of a tag
 * @param depth elements within one another
 * @param includes of a page
 * @param problems that are told of
 */
public record EsiLimits(int tag, int depth, int includes, int problems) {
    public static final EsiLimits DEFAULTS = new EsiLimits(8_192, 32, 256, 16);
}
