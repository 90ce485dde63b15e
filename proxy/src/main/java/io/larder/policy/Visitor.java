package io.larder.policy;

import io.larder.http.Fields;
import io.larder.http.Headers;

/** Tells visitors apart by what they send, as far as that goes. */
public final class Visitor {
    private Visitor() {}

    /**
     * A number that is most likely another one for another visitor, and never 0: of his cookies and credentials, or where
     * he has neither of {@code address}.
     */
    public static long of(Headers request, String address) {
        long hash = 0xcbf29ce484222325L;
        for (String cookies : request.all(Fields.COOKIE)) {
            hash = add(hash, "c" + cookies);
        }
        for (String credentials : request.all(Fields.AUTHORIZATION)) {
            hash = add(hash, "a" + credentials);
        }
        boolean silent = !request.contains(Fields.COOKIE) && !request.contains(Fields.AUTHORIZATION);
        return (silent ? add(hash, address) : hash) | 1;
    }

    /** FNV-1a, over characters. */
    private static long add(long hash, String text) {
        long sum = hash;
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * 0x100000001b3L;
        }
        return sum;
    }
}
