package io.larder.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads Cookie fields (RFC 6265 §4.2.1, §5.4). Total: what is no pair is passed over. */
public final class Cookies {
    private Cookies() {}

    /** All cookies of a request in order, names and values as sent; a name may occur more than once. */
    public static List<Map.Entry<String, String>> of(Headers headers) {
        List<Map.Entry<String, String>> cookies = new ArrayList<>();
        for (String line : headers.all(Fields.COOKIE)) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    cookies.add(Map.entry(
                            pair.substring(0, equals).strip(),
                            pair.substring(equals + 1).strip()));
                }
            }
        }
        return cookies;
    }
}
