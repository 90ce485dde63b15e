package io.larder.config.source;

import io.larder.http.SecretFields;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One walk over a line of YAML, which may be malformed: from the first key on under which secrets may stand, each
 * character of a value becomes a star. Keys, structure, comments, and values that only name the environment stay.
 */
final class Redaction {
    /** The configuration's own keys that are named like secrets and hold none. */
    private static final Set<String> OWN = Set.of(
            "auth",
            "cookie-variables",
            "cookies",
            "csrf",
            "ignore-cookies",
            "key",
            "key-file",
            "password-file",
            "session-cookies",
            "token-file");

    /** Its own keys under which fields or cookies stand, if not just a word. */
    private static final Set<String> OF_FIELDS = Set.of("set", "add", "header", "cookie", "set-cookie");

    private static final Pattern JUST_A_WORD = Pattern.compile("\\s*([\"']?)[\\w-]+\\1\\s*(?:[,}\\]#]|$)");

    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{\\w+}(?=[\\s,}\\]]|$)");
    private static final Pattern WORD = Pattern.compile("[^\\s,{}\\[\\]]+");

    /** A plain key: what it is called, and its colon, behind which a space may have been forgotten. */
    private static final Pattern KEY = Pattern.compile("([^\\s,{}\\[\\]:\"'#]+)(\\s*:)(?=[\\s{\\[\"']|$)");

    private static final Pattern NEARLY_KEY = Pattern.compile("([^\\s,{}\\[\\]:\"'#.]+)(:)(?!//)");
    private static final Pattern COLON = Pattern.compile("\\s*:");

    private final String line;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder open = new StringBuilder(); // the brackets that are not closed yet
    private int at;
    private boolean secret; // from here on
    private boolean beforeKey = true; // where a key may stand

    private Redaction(String line) {
        this.line = line;
    }

    static String redacted(String line) {
        Redaction redaction = new Redaction(line);
        while (redaction.at < line.length()) {
            redaction.step();
        }
        return redaction.out.toString();
    }

    private void step() {
        char c = line.charAt(at);
        if (Character.isWhitespace(c)) {
            keep(1);
        } else if (c == '#' && (at == 0 || Character.isWhitespace(line.charAt(at - 1)))) {
            keep(line.length() - at);
        } else if (c == '{' || c == '[') {
            open.append(c);
            keep(1);
            beforeKey = c == '{';
        } else if (c == '}' || c == ']') {
            open.setLength(Math.max(0, open.length() - 1));
            keep(1);
            beforeKey = false;
        } else if (c == ',') {
            keep(1);
            beforeKey = open.isEmpty() || open.charAt(open.length() - 1) == '{';
        } else if (c == '-' && beforeKey && (at + 1 == line.length() || line.charAt(at + 1) == ' ')) {
            keep(1);
        } else if (c == '"' || c == '\'') {
            quoted();
        } else {
            plain();
        }
    }

    private void quoted() {
        int end = endOfQuoted();
        if (end < 0) {
            blot(line.length() - at); // it goes on in the next line, or is malformed
            return;
        }
        String text = line.substring(at + 1, end);
        Matcher colon = COLON.matcher(line).region(end + 1, line.length());
        if (colon.lookingAt() && (beforeKey || !secret)) {
            keep(colon.end() - at);
            key(text);
            return;
        }
        keep(1);
        if (ENVIRONMENT.matcher(text).matches()) {
            keep(text.length());
        } else {
            blot(text.length());
        }
        keep(1);
        beforeKey = false;
        boolean ended = at == line.length() || " \t,}]:".indexOf(line.charAt(at)) >= 0;
        if (!ended) {
            blot(line.length() - at); // which of the quotes are meant is anyone's guess
        }
    }

    /** Where the quote is that ends what begins here; -1 where none does. */
    private int endOfQuoted() {
        char quote = line.charAt(at);
        for (int i = at + 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote == '"') {
                i++;
            } else if (c == quote && quote == '\'' && line.startsWith("''", i)) {
                i++;
            } else if (c == quote) {
                return i;
            }
        }
        return -1;
    }

    private void plain() {
        Matcher key = KEY.matcher(line).region(at, line.length());
        Matcher nearly = NEARLY_KEY.matcher(line).region(at, line.length());
        Matcher environment = ENVIRONMENT.matcher(line).region(at, line.length());
        if ((beforeKey || !secret) && key.lookingAt()) {
            keep(key.end() - at);
            key(key.group(1));
        } else if (beforeKey && nearly.lookingAt() && SecretFields.isNamed(nearly.group(1))) {
            keep(nearly.end() - at);
            key(nearly.group(1));
        } else {
            beforeKey = false;
            if (environment.lookingAt()) {
                keep(environment.end() - at);
                return;
            }
            Matcher word = WORD.matcher(line).region(at, line.length());
            blot(word.lookingAt() ? word.end() - at : 1);
        }
    }

    /** That {@code name} was the key of what comes next. */
    private void key(String name) {
        beforeKey = false;
        secret |= OF_FIELDS.contains(name)
                ? !JUST_A_WORD.matcher(line).region(at, line.length()).lookingAt()
                : SecretFields.isNamed(name) && !OWN.contains(name);
    }

    private void keep(int length) {
        out.append(line, at, at + length);
        at += length;
    }

    private void blot(int length) {
        if (secret) {
            line.substring(at, at + length).codePoints().forEach(point -> out.append(point == ' ' ? ' ' : '*'));
            at += length;
        } else {
            keep(length);
        }
    }
}
