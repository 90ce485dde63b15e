package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a response may be stored and shared (RFC 9111 §3). Asked before anything of it is shared with anyone. */
public sealed interface Storability {
    /** It may be, once all of its body has come. */
    record Keep(Stored.Head head) implements Storability {
        /** The stored response; {@code body} is kept as it is, so let it be compact. */
        public Stored with(Bytes body) {
            return new Stored(head, body);
        }

        /** The same, fetched for the visitor {@code by} (see {@link Visitor}). */
        public Keep fetchedBy(long by) {
            return by == 0 ? this : new Keep(head.fetchedBy(by));
        }
    }

    /**
     * It may not.
     *
     * @param detail what exactly stood in the way, e.g. a cookie's name; empty where the reason says all
     */
    record Refuse(Reason reason, String detail) implements Storability {
        private static final Set<Reason> OF_THE_RESPONSE = Set.of(
                Reason.NO_STORE,
                Reason.PRIVATE,
                Reason.NO_CACHE,
                Reason.NOT_UNDERSTOOD,
                Reason.SET_COOKIE,
                Reason.VARY_STAR,
                Reason.NO_FRESHNESS,
                Reason.GUARD_FORM,
                Reason.TOO_LARGE,
                Reason.TOO_MANY_TAGS);

        /** Reasons that lie in who asked. */
        private static final Set<Reason> OF_THE_VISITOR = Set.of(
                Reason.AUTHORIZATION,
                Reason.SESSION_COOKIE,
                Reason.GUARD_COOKIE,
                Reason.GUARD_CREDENTIALS,
                Reason.GUARD_OPAQUE);

        Refuse(Reason reason) {
            this(reason, "");
        }

        /**
         * Whether others who ask for the same will most likely be refused too. Where it was this request that stood in the
         * way, nobody must be able to have the resource treated as unshareable by sending it.
         */
        public boolean concernsEveryone() {
            return OF_THE_RESPONSE.contains(reason);
        }

        /** Whether the private-page guard says so. */
        public boolean isOfGuard() {
            return switch (reason) {
                case GUARD_COOKIE, GUARD_CREDENTIALS, GUARD_FORM, GUARD_OPAQUE -> true;
                default -> false;
            };
        }

        /** Whether the next response under the same key would be refused to those who tell who they are, like this one. */
        public boolean concernsPersonal() {
            return OF_THE_VISITOR.contains(reason);
        }
    }

    /**
     * Decides for a response that came from the origin. What Larder itself makes up is never put here.
     *
     * @param request as it was sent, whose ignored cookies are gone
     * @param requestedAt when it was sent
     * @param receivedAt when the response's head had come
     */
    static Storability of(
            CacheRules rules, Request request, Response response, Instant requestedAt, Instant receivedAt) {
        Governing control = Governing.of(rules.lifetimes(), response.headers(), receivedAt);
        Reason plain = refusal(rules, request, response, control);
        if (plain != null) {
            return new Refuse(plain);
        }
        Headers headers = response.headers();
        Optional<VaryKey> vary = VaryKey.of(rules.vary(), request.headers(), headers);
        if (vary.isEmpty()) {
            return new Refuse(Reason.VARY_STAR);
        }
        Age age = Age.of(headers, requestedAt, receivedAt);
        Freshness own = Freshness.of(rules.lifetimes(), response.status(), headers, control, receivedAt)
                .beginning(age);
        CacheRules.Personal one = rules.sharing().one();
        Freshness freshness = one == null ? own : own.atMost(one.ttl());
        // what the route says of lifetimes says nothing of whom the page is for: only the response's own word counts
        Freshness stated =
                Freshness.of(CacheRules.Lifetimes.FROM_RESPONSE, response.status(), headers, control, receivedAt);
        String session = sessionCookie(rules, request.headers(), vary.get(), stated);
        if (session != null) {
            return new Refuse(Reason.SESSION_COOKIE, session);
        }
        Optional<Tags> tags = Tags.of(rules.tagging(), request.target(), headers);
        if (tags.isEmpty()) {
            return new Refuse(Reason.TOO_MANY_TAGS);
        }
        Stored.Use use = use(rules, headers, freshness, StaleTerms.of(control), tags.get())
                .fetchedWithin(requestedAt, receivedAt);
        Reason useless = uselessness(response.status(), headers, freshness, use.stale());
        if (useless != null) {
            return new Refuse(useless);
        }
        Headers kept = StoredFields.of(headers, leftOut(rules, control), receivedAt);
        return new Keep(new Stored.Head(
                response.status(),
                response.reason(),
                kept,
                SurrogateFields.of(headers),
                vary.get(),
                age,
                freshness,
                use));
    }

    private static @Nullable Reason refusal(CacheRules rules, Request request, Response response, Governing control) {
        Reason form = form(request, response);
        if (form != null) {
            return form;
        }
        boolean understood = StatusRules.isUnderstood(response.status());
        boolean mustUnderstand = control.has("must-understand");
        if (mustUnderstand && !understood) {
            return Reason.NOT_UNDERSTOOD;
        }
        // a cache that understands the status ignores the no-store meant for those that do not (RFC 9111 §5.2.2.3)
        if (control.has("no-store") && !mustUnderstand) {
            return Reason.NO_STORE;
        }
        CacheRules.Personal one = rules.sharing().one();
        if (control.isPrivate() && one == null) {
            return Reason.PRIVATE;
        }
        boolean authorized = request.headers().contains(Fields.AUTHORIZATION) && !isOwners(one, Fields.AUTHORIZATION);
        if (authorized && (one != null || !control.permitsAuthorized())) {
            return Reason.AUTHORIZATION;
        }
        boolean setsCookie = response.headers().contains(Fields.SET_COOKIE)
                && !control.withheld().contains(Fields.SET_COOKIE);
        if (setsCookie && rules.cookies().setCookie() == CacheRules.SetCookie.REFUSE) {
            return Reason.SET_COOKIE;
        }
        return response.body().length() > rules.maxObject() ? Reason.TOO_LARGE : null;
    }

    /** What is not a whole answer to a GET never becomes one. */
    private static @Nullable Reason form(Request request, Response response) {
        int status = response.status();
        if (request.is("HEAD")) {
            return Reason.HEAD;
        }
        if (!request.is("GET")) {
            return Reason.METHOD;
        }
        if (status < 200 || status > 599) {
            return Reason.NOT_FINAL;
        }
        // whatever but the whole came of asking for a part says nothing of the whole
        if (status != 200 && request.headers().contains(Fields.RANGE)) {
            return Reason.PARTIAL;
        }
        return switch (status) {
            case 206 -> Reason.PARTIAL;
            case 304 -> Reason.NOT_MODIFIED;
            default -> null;
        };
    }

    /** The fields that this response is stored without. */
    private static List<FieldName> leftOut(CacheRules rules, Governing control) {
        List<FieldName> names = control.withheld();
        if (rules.cookies().setCookie() == CacheRules.SetCookie.STRIP) {
            names.add(Fields.SET_COOKIE);
        }
        return names;
    }

    /** Whether the field is what tells the one client apart for whom the response would be kept. */
    private static boolean isOwners(CacheRules.@Nullable Personal one, FieldName field) {
        return one != null && one.by() instanceof CacheRules.Selector.OfHeader(FieldName name) && name.equals(field);
    }

    /** Whether a request tells who asks: by credentials, or by a cookie that is known to keep a session. */
    static boolean isPersonal(CacheRules rules, Headers request) {
        CacheRules.Personal personal = rules.sharing().personal();
        return request.contains(Fields.AUTHORIZATION)
                || Cookies.named(request, rules.cookies().sessions()) != null
                || (personal != null && Owner.of(personal.by(), request) != null);
    }

    /** Whether a response may be refused for who asks: for what he is known by, or for what the guard would look for. */
    static boolean mayDependOnAsker(CacheRules rules, Headers request) {
        boolean guarded = rules.sharing().guard() != CacheRules.Guarding.OFF;
        return (guarded && request.contains(Fields.COOKIE)) || isPersonal(rules, request);
    }

    /** The name of a session cookie that makes sharing unsafe: nothing explicit says that the page is everybody's. */
    private static @Nullable String sessionCookie(CacheRules rules, Headers request, VaryKey vary, Freshness stated) {
        CacheRules.Personal one = rules.sharing().one();
        if (one != null) {
            // who is told by one thing is not told by another: his page under a second session is another page
            List<String> his =
                    one.by() instanceof CacheRules.Selector.OfCookie(String name) ? List.of(name) : List.of();
            return Cookies.named(request, rules.cookies().sessions(), his);
        }
        // "max-age=0" says nothing of whom it is for: only who lets it be kept lets it be shared
        if (stated.origin().isExplicit() && stated.lifetime() > 0 && !vary.includes(Fields.COOKIE)) {
            return null;
        }
        return Cookies.named(request, rules.cookies().sessions(), rules.key().cookies());
    }

    private static Stored.Use use(CacheRules rules, Headers headers, Freshness freshness, StaleTerms stale, Tags tags) {
        boolean validatable = headers.contains(Fields.ETAG) || headers.contains(Fields.LAST_MODIFIED);
        long max = rules.lifetimes().max().toMillis();
        long useful = freshness.lifetime() + stale.longestMillis(rules.grace());
        return new Stored.Use(stale, validatable ? max : Math.min(max, useful), tags);
    }

    /**
     * Why it could never be used, or null. Something must have said that it is cacheable, which for an error only its own
     * freshness or the route does (RFC 9111 §3), and it must be of use once: fresh, stale, or validated.
     */
    private static @Nullable Reason uselessness(int status, Headers headers, Freshness freshness, StaleTerms stale) {
        boolean validatable = headers.contains(Fields.ETAG) || headers.contains(Fields.LAST_MODIFIED);
        if (stale.always()) {
            return validatable ? null : Reason.NO_CACHE;
        }
        if (freshness.lifetime() > 0) {
            return null;
        }
        boolean cacheable = freshness.origin() != Freshness.Origin.NONE || StatusRules.takesRouteTtl(status);
        boolean usable = validatable || stale.whileRevalidate() > 0 || stale.ifError() > 0;
        return cacheable && usable ? null : Reason.NO_FRESHNESS;
    }
}
