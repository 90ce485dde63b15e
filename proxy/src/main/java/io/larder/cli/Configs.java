package io.larder.cli;

/** Where the commands get configurations from. */
public interface Configs {
    /**
     * Reads a configuration; never fails for what is in it.
     *
     * @param strict whether a warning makes it unusable too
     */
    Verdict read(Source source, boolean strict);

    /**
     * What came of it.
     *
     * @param usable false when there is an error
     * @param problems how many errors and warnings there are
     * @param text the problems for people; empty where there are none
     * @param json the problems for tools: an array
     * @param effective the whole configuration as YAML, secrets masked; empty unless usable
     */
    record Verdict(boolean usable, int problems, String text, String json, String effective) {}
}
