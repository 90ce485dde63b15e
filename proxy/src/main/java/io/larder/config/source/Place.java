package io.larder.config.source;

/**
 * A value: a place in a configuration file, as editors count.
 *
 * @param file the file as the reader would name it
 * @param line from 1; 0 where the whole file is meant
 * @param column from 1, in code points; 0 where the whole file is meant
 */
public record Place(String file, int line, int column) {
    /** The file as a whole, where no line can be blamed. */
    public static Place of(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
