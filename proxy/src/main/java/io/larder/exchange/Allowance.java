package io.larder.exchange;

/** What is left of what a page, with all that is included in it, may ask for. Confined to the page's loop. */
public final class Allowance {
    private int includes;
    private long octets;

    /**
     * @param includes how many fragments may be fetched
     * @param octets how long they may be together
     */
    public Allowance(int includes, long octets) {
        this.includes = includes;
        this.octets = octets;
    }

    /** Takes one fragment; false where none is left. */
    public boolean takeInclude() {
        return includes-- > 0;
    }

    /** Takes so many octets; false where there are fewer left. */
    public boolean takeOctets(long length) {
        if (length > octets) {
            return false;
        }
        octets -= length;
        return true;
    }

    /** How many octets are left. */
    public long octets() {
        return Math.max(0, octets);
    }
}
