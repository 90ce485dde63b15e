package io.larder.config.source;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What takes the place of secrets that stand in a configuration file, wherever a text of it is shown. */
public final class Secrets {
    /** Stands for a secret, whatever its length. */
    public static final String MASK = "********";

    private static final Pattern OF_ENVIRONMENT = Pattern.compile("\\$\\{\\w+}");

    /** {@code user:password@}, {@code password@} after a scheme: the secret is the last group. */
    private static final String IN_URL =
            "((?<![^\\s\"'@/:])[^\\s\"'@/:]*:)(?!//)([^\\s\"']+)(?=@)|(://)([^\\s\"'@/:]+)(?=@)";

    /** A message may say how such a URL is to be written. */
    private static final Pattern IN_TEXT = Pattern.compile(IN_URL.replace("(?!//)", "(?!//|password@)"));

    private static final Pattern WORD = Pattern.compile("[^\\s\"']+");

    private static final Pattern IN_LINE = Pattern.compile(IN_URL);

    private Secrets() {}

    /** What is said of a configuration: each character of a password in a URL redacted out. */
    public static String inMessage(String message) {
        return inUrls(message, IN_TEXT);
    }

    /** Looks only at words with an {@code @}, and no further than to the last: so the time it takes grows as the text does. */
    private static String inUrls(String text, Pattern urls) {
        if (text.indexOf('@') < 0) {
            return text;
        }
        return WORD.matcher(text).replaceAll(word -> {
            int end = word.group().lastIndexOf('@') + 1;
            String login = word.group().substring(0, end);
            String shown = urls.matcher(login).replaceAll(found -> Matcher.quoteReplacement(redacted(found)));
            return Matcher.quoteReplacement(shown + word.group().substring(end));
        });
    }

    /** A line of a file, each character of what may be a secret redacted out, so that all else stays in its column. */
    public static String redacted(String line) {
        return inUrls(Redaction.redacted(line), IN_LINE);
    }

    /** A URL that may be shown: a password in it is masked, unless it is named only and comes from the environment. */
    public static String shown(String url) {
        int at = url.lastIndexOf('@');
        if (at < 0) {
            return url;
        }
        int scheme = url.indexOf("://");
        int start = scheme < 0 || scheme > at ? 0 : scheme + 3;
        int last = url.lastIndexOf(":${", at);
        if (last >= start && isOfEnvironment(url.substring(last + 1, at))) {
            return url;
        }
        int colon = url.indexOf(':', start);
        int secret = colon < 0 || colon > at ? start : colon + 1;
        return url.substring(0, secret) + MASK + url.substring(at);
    }

    private static String redacted(MatchResult found) {
        int group = 2;
        while (found.group(group) == null) {
            group += 2;
        }
        String before = found.group(group - 1);
        String secret = found.group(group);
        return isOfEnvironment(secret)
                ? before + secret
                : before + "*".repeat(secret.codePointCount(0, secret.length()));
    }

    private static boolean isOfEnvironment(String text) {
        return OF_ENVIRONMENT.matcher(text).matches();
    }
}
