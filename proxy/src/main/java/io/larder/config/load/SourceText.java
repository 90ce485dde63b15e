package io.larder.config.load;

import io.larder.config.bind.Quantities;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the text of configuration files, and says why it cannot. */
final class SourceText {
    private static final int MOST_BYTES = 4 << 20;

    private SourceText() {}

    /** The text, or null after one problem was reported at {@code blamed}, or in the file where its text is at fault. */
    static @Nullable String read(Path file, Place blamed, Report report) {
        String name = blamed.line() == 0 ? "" : "cannot read " + file + ": ";
        try {
            if (Files.isDirectory(file)) {
                report.error(blamed, name + "it is a directory, not a file", null);
                return null;
            }
            return decode(file.toString(), bytes(file), report);
        } catch (NoSuchFileException e) {
            report.error(blamed, name + "no such file", null);
        } catch (AccessDeniedException e) {
            report.error(blamed, name + "permission denied", null);
        } catch (IOException e) {
            report.error(blamed, name + "it cannot be read (" + e.getMessage() + ")", null);
        }
        return null;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("larger than " + Quantities.text(MOST_BYTES));
            }
            return bytes;
        }
    }

    private static @Nullable String decode(String file, byte[] bytes, Report report) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        boolean bad = decoder.decode(ByteBuffer.wrap(bytes), chars, true).isError();
        String good = withoutMark(chars.flip().toString());
        if (!bad) {
            report.source(file, good);
            return good;
        }
        report.source(file, withoutMark(new String(bytes, StandardCharsets.UTF_8)));
        report.error(end(file, good), "the file is not UTF-8 from here on", "save it as UTF-8");
        return null;
    }

    /** The place right behind the text. */
    static Place end(String file, String text) {
        String[] lines = text.split("\r\n|\r|\n", -1);
        String last = lines[lines.length - 1];
        return new Place(file, lines.length, last.codePointCount(0, last.length()) + 1);
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
