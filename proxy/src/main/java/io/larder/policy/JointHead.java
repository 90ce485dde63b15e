package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HttpDate;
import io.larder.http.Response;
import io.larder.http.TokenList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a response that is put together from others may say of itself: to caches, and of its octets. It is as fresh as the least
 * fresh of them, and as private as the most private; no validator stands for the whole.
 */
public final class JointHead {
    /** They describe the octets, or the age, of one part alone; or are for the gateway that puts the parts together. */
    private static final FieldNames OF_ONE_PART = FieldNames.of(
            Fields.AGE,
            Fields.CACHE_CONTROL,
            Fields.CDN_CACHE_CONTROL,
            Fields.CONTENT_ENCODING,
            Fields.CONTENT_LENGTH,
            Fields.CONTENT_RANGE,
            Fields.DATE,
            Fields.ETAG,
            Fields.EXPIRES,
            Fields.LAST_MODIFIED,
            Fields.NO_VARY_SEARCH,
            Fields.PRAGMA,
            Fields.VARY,
            FieldName.of("Accept-Ranges"),
            FieldName.of("Content-MD5"),
            FieldName.of("Digest"),
            FieldName.of("Content-Digest"),
            FieldName.of("Repr-Digest"));

    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final FieldName FOR_SOME_CACHES = FieldName.of("-Cache-Control");
    private static final int ROOM = 192; // octets that the rest usually takes
    private static final int LINES = 5;
    private static final String UNKNOWN = "private, no-cache";

    private JointHead() {}

    /**
     * The fields of a page of which not all parts are there yet: nobody may use it again without asking.
     *
     * @param page its own response
     */
    public static Headers unknown(Response page) {
        return ofThePage(page).add(Fields.CACHE_CONTROL, UNKNOWN).build();
    }

    /**
     * The fields of a page that cannot be read, and goes out as it came: nobody is to keep it.
     *
     * @param page its own response
     */
    public static Headers unread(Response page) {
        HeadersBuilder head = ofThePage(page).add(Fields.CACHE_CONTROL, "private, no-store");
        String coding = page.headers().combined(Fields.CONTENT_ENCODING);
        return (coding == null ? head : head.add(Fields.CONTENT_ENCODING, coding)).build();
    }

    /**
     * The fields of a page all of whose parts are there.
     *
     * @param page its own response
     * @param parts the responses that the fragments in it came with
     * @param chosenBy names of request fields that the page itself looked at
     * @param personal whether it shows something of the visitor's
     */
    public static Headers of(Response page, List<Response> parts, Set<String> chosenBy, boolean personal, Instant now) {
        List<Response> all = new ArrayList<>(parts);
        all.add(0, page);
        HeadersBuilder head =
                ofThePage(page).add(Fields.CACHE_CONTROL, Use.of(all, now).value(personal));
        String vary = vary(all, chosenBy);
        return (vary.isEmpty() ? head : head.add(Fields.VARY, vary)).build();
    }

    /** What the page says of itself that is true of the whole. */
    private static HeadersBuilder ofThePage(Response page) {
        Headers headers = page.headers();
        Headers added = page.added();
        return headers.builderFor(ROOM, LINES)
                .addKept(headers, i -> !isOfOnePart(headers, i))
                .addKept(added, i -> !isOfOnePart(added, i));
    }

    /** Caches of any make have a field of their own that goes before Cache-Control (RFC 9213 §2). */
    private static boolean isOfOnePart(Headers headers, int i) {
        return OF_ONE_PART.include(headers, i)
                || SurrogateFields.CONTROLS.include(headers, i)
                || headers.nameEndsWith(i, FOR_SOME_CACHES);
    }

    private static String vary(List<Response> all, Set<String> chosenBy) {
        Set<String> names = new LinkedHashSet<>();
        Set<FieldName> known = new LinkedHashSet<>();
        for (Response each : all) {
            addVary(each.headers(), known, names);
            addVary(each.added(), known, names);
        }
        for (String name : chosenBy) {
            if (known.add(FieldName.of(name))) {
                names.add(name);
            }
        }
        return names.contains("*") ? "*" : String.join(", ", names);
    }

    private static void addVary(Headers headers, Set<FieldName> known, Set<String> names) {
        if (!headers.contains(Fields.VARY)) {
            return;
        }
        for (String name : FieldList.of(headers, Fields.VARY)) {
            if (known.add(FieldName.of(name))) {
                names.add(name);
            }
        }
    }

    /**
     * How all of several responses may be used.
     *
     * @param left seconds of freshness; negative where one of them does not say
     * @param sharedLeft the same for shared caches
     */
    private record Use(
            boolean stored, boolean shared, boolean revalidated, boolean transformed, long left, long sharedLeft) {
        static Use of(List<Response> all, Instant now) {
            Use joint = new Use(true, true, false, true, Long.MAX_VALUE, Long.MAX_VALUE);
            for (Response each : all) {
                joint = joint.and(each.headers(), age(each), now);
            }
            return joint;
        }

        /** @param age in seconds */
        private Use and(Headers each, long age, Instant now) {
            CacheControl control = CacheControl.of(each);
            boolean asks = control.has("no-cache");
            long own = asks ? CacheControl.ABSENT : lifetime(each, control, now);
            long forAll = control.has("s-maxage") && !asks ? control.seconds("s-maxage") : own;
            return new Use(
                    stored && !control.has("no-store"),
                    shared && !control.has("private"),
                    revalidated || control.has("must-revalidate") || control.has("proxy-revalidate"),
                    transformed && !control.has("no-transform"),
                    least(left, own, age),
                    least(sharedLeft, forAll, age));
        }

        private static long least(long left, long lifetime, long age) {
            return left < 0 || lifetime < 0 ? CacheControl.ABSENT : Math.min(left, Math.max(0, lifetime - age));
        }

        private static long age(Response each) {
            String own = each.added().first(Fields.AGE);
            String age = own == null ? each.headers().first(Fields.AGE) : own;
            return age == null ? 0 : Math.max(0, CacheControl.deltaSeconds(age));
        }

        private static long lifetime(Headers each, CacheControl control, Instant now) {
            long maxAge = control.seconds("max-age");
            String expires = each.first(Fields.EXPIRES);
            if (maxAge != CacheControl.ABSENT || expires == null) {
                return maxAge;
            }
            Instant end = HttpDate.parse(expires, now);
            return end == null
                    ? 0
                    : Math.max(
                            0, end.getEpochSecond() - Freshness.date(each, now).getEpochSecond());
        }

        /** What {@code Cache-Control} says of it. */
        String value(boolean personal) {
            List<String> directives = new ArrayList<>();
            boolean isPrivate = personal || !shared;
            if (!stored) {
                directives.add("no-store");
            } else {
                addUse(isPrivate, directives);
            }
            if (!transformed) {
                directives.add("no-transform");
            }
            return String.join(", ", directives);
        }

        private void addUse(boolean isPrivate, List<String> to) {
            if (isPrivate) {
                to.add("private");
            }
            boolean forAll = !isPrivate && sharedLeft >= 0;
            if (left < 0 && !forAll) {
                to.add("no-cache");
                return;
            }
            to.add("max-age=" + Math.max(0, left));
            if (forAll && sharedLeft != left) {
                to.add("s-maxage=" + sharedLeft);
            }
            if (revalidated) {
                to.add("must-revalidate");
            }
        }
    }

    /** {@code page} where clients get it in the form that they accept. */
    public static Headers negotiated(Headers page) {
        if (TokenList.contains(page, Fields.VARY, ACCEPT_ENCODING) || TokenList.contains(page, Fields.VARY, "*")) {
            return page;
        }
        String vary = page.combined(Fields.VARY);
        return page.with(Fields.VARY, vary == null ? ACCEPT_ENCODING : vary + ", " + ACCEPT_ENCODING);
    }
}
