package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.policy.tripwire.Find;
import io.larder.policy.tripwire.Tripwire;
import io.larder.policy.tripwire.Tripwire.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The private-page guard: what must be looked for in a body before it may be shared, whatever its fields say.
 *
 * <p>A body that repeats what only the visitor sent, or that carries a token made for him, is his, and the fields that
 * call it public are wrong.
 */
public sealed interface Guard {
    /** The most octets that a body is decoded to. */
    long MOST_DECODED = 64L * 1024 * 1024;

    /** Nothing needs to be looked for: what the fields say holds. */
    enum Trust implements Guard {
        YES
    }

    /**
     * The body has to be looked through.
     *
     * @param coding it is in
     * @param known whether the request tells who asks
     * @param mask what stands where tokens were that no longer are there; null for nothing
     */
    record Inspect(
            Tripwire tripwire,
            ContentCoding coding,
            boolean known,
            @Nullable FormMask mask) implements Guard {
        private Optional<Storability.Refuse> through(Bytes body) {
            Tripwire.Look look = tripwire.look();
            Bytes own = mask == null ? body : Bytes.concat(mask.split(body));
            ContentCoding.Reading reading = coding.read(own, MOST_DECODED, look::take);
            Find found = look.found();
            if (found != null) {
                return Optional.of(refusal(found));
            }
            return reading == ContentCoding.Reading.BROKEN && known ? Optional.of(opaque()) : Optional.empty();
        }
    }

    /** It cannot be looked into, and the request tells who asks. */
    record Refuse(Storability.Refuse why) implements Guard {}

    /** Decides for a response that may be stored; {@code request} is without the cookies that the route ignores. */
    static Guard of(CacheRules rules, Request request, Headers response) {
        MediaType type = MediaType.of(response);
        if (rules.sharing().guard() == CacheRules.Guarding.OFF || !type.isText()) {
            return Trust.YES;
        }
        Headers headers = request.headers();
        boolean known = Storability.isPersonal(rules, headers);
        List<Secret> secrets = secrets(rules, request);
        Tripwire tripwire = Tripwire.of(secrets, type.isHtml());
        if (tripwire.isIdle()) {
            return Trust.YES;
        }
        ContentCoding coding = ContentCoding.of(response);
        if (coding == null || MediaType.isWide(response) || secrets.size() > Tripwire.MOST) {
            return known ? new Refuse(opaque()) : Trust.YES;
        }
        return new Inspect(tripwire, coding, known, FormMask.of(response).orElse(null));
    }

    /** Whether a part of a response may be stored, which cannot be looked through: only where there is nothing to look for. */
    static boolean permitsPart(CacheRules rules, Request request, Headers response) {
        return of(rules, request, response) instanceof Trust;
    }

    /** Why {@code body}, which has come whole, may not be shared; empty: it may. Takes its time. */
    default Optional<Storability.Refuse> verdict(Bytes body) {
        return switch (this) {
            case Trust trust -> Optional.empty();
            case Refuse(Storability.Refuse why) -> Optional.of(why);
            case Inspect inspect -> inspect.through(body);
        };
    }

    /** Of a body that could not be looked into although somebody who is known had asked for it. */
    static Storability.Refuse opaque() {
        return new Storability.Refuse(Reason.GUARD_OPAQUE);
    }

    /** What {@code find} in a body means. */
    static Storability.Refuse refusal(Find find) {
        Reason reason = switch (find.sign()) {
            case COOKIE -> Reason.GUARD_COOKIE;
            case CREDENTIALS -> Reason.GUARD_CREDENTIALS;
            case TOKEN -> Reason.GUARD_FORM;
        };
        return new Storability.Refuse(reason, find.name());
    }

    /** The cookies that tell visitors apart but for those in the key, and the credentials. */
    private static List<Secret> secrets(CacheRules rules, Request request) {
        List<Secret> secrets = new ArrayList<>();
        String url = request.target().authority() + request.target().pathAndQuery();
        Headers headers = request.headers();
        Cookies.each(headers, (name, value) -> {
            // what stands in the URL, or in the key, does not tell apart those who share them
            if (!rules.key().cookies().contains(name) && !url.contains(value)) {
                boolean session = rules.cookies().sessions().stream().anyMatch(glob -> glob.matches(name));
                secrets.add(new Secret(value, new Find(Find.Sign.COOKIE, name), session));
            }
        });
        if (!rules.key().headers().contains(Fields.AUTHORIZATION)) {
            for (String credentials : headers.all(Fields.AUTHORIZATION)) {
                String token = credentials.substring(credentials.lastIndexOf(' ') + 1);
                secrets.add(new Secret(token, new Find(Find.Sign.CREDENTIALS, "Authorization"), true));
            }
        }
        return secrets;
    }
}
