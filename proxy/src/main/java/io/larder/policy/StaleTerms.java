package io.larder.policy;

import io.larder.http.CacheControl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a response says about its use once it is not fresh.
 *
 * @param always validated before every use, fresh or not ({@code no-cache}, RFC 9111 §5.2.2.4)
 * @param never used stale, whatever the trouble (RFC 9111 §4.2.4)
 * @param whileRevalidate in seconds (RFC 5861 §3), or {@link CacheControl#ABSENT}
 * @param ifError in seconds (RFC 5861 §4), or {@link CacheControl#ABSENT}
 */
public record StaleTerms(boolean always, boolean never, long whileRevalidate, long ifError) {

    /** What nearly all responses say: nothing. There is one of it for all of them. */
    private static final StaleTerms SILENT = new StaleTerms(false, false, CacheControl.ABSENT, CacheControl.ABSENT);

    static StaleTerms of(Governing control) {
        boolean noCache = control.isNoCache();
        boolean never = noCache
                || control.has("must-revalidate")
                || control.has("proxy-revalidate")
                || control.has("s-maxage"); // carries proxy-revalidate with it (RFC 9111 §5.2.2.10)
        return of(noCache, never, control.seconds("stale-while-revalidate"), control.seconds("stale-if-error"));
    }

    /** These terms; the same object where they are what nearly all responses say. */
    public static StaleTerms of(boolean always, boolean never, long whileRevalidate, long ifError) {
        StaleTerms terms = new StaleTerms(always, never, whileRevalidate, ifError);
        return terms.equals(SILENT) ? SILENT : terms;
    }

    /** For how many milliseconds past its freshness it may be served while it is fetched anew. */
    long whileRevalidateMillis(CacheRules.Grace rules) {
        return never
                ? 0
                : millis(
                        rules.whileRevalidate(),
                        whileRevalidate,
                        rules.fallback().toMillis());
    }

    /** For how many milliseconds past its freshness it may be served instead of an error of the origin's. */
    long ifErrorMillis(CacheRules.Grace rules) {
        return never ? 0 : millis(rules.ifError(), ifError, 0);
    }

    /** For how many milliseconds past its freshness it may be served when the origin cannot be reached. */
    long ifUnreachableMillis(CacheRules.Grace rules) {
        return never ? 0 : Math.max(rules.ifUnreachable().toMillis(), ifErrorMillis(rules));
    }

    private static long millis(@Nullable Duration route, long said, long otherwise) {
        if (route != null) {
            return route.toMillis();
        }
        return said == CacheControl.ABSENT ? otherwise : said * 1000;
    }

    /** The longest of all. */
    long longestMillis(CacheRules.Grace rules) {
        return Math.max(whileRevalidateMillis(rules), ifUnreachableMillis(rules));
    }
}
