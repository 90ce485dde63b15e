package io.larder.gateway;

import io.larder.admission.AuthRule;
import io.larder.admission.Token;
import io.larder.admission.Verdict;
import io.larder.exchange.Exchange;
import io.larder.http.Bytes;
import io.larder.http.Request;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Judges signed tokens (RFC 6750). A signature is checked once for each token and set of keys, and not on a loop. */
public final class TokenCheck implements Credentials {
    private static final Verdict GOOD = new Verdict.Good();
    private static final Verdict NO_KEYS = new Verdict.Unknown("the keys of tokens have not been had yet");

    private final AuthRule.Tokens rule;
    private final TokenKeys keys;
    private final Executor worker;
    private final Proven proven;
    private final String challenge;

    /**
     * By the keys that {@code rule} names.
     *
     * @param worker runs checks, or refuses them when too many wait
     * @param secret of this process
     */
    public TokenCheck(AuthRule.Tokens rule, TokenKeys keys, Executor worker, Bytes secret) {
        this.rule = rule;
        this.keys = keys;
        this.worker = worker;
        this.proven = new Proven(secret);
        this.challenge = "Bearer realm=\"" + rule.realm() + '"';
    }

    @Override
    public CompletionStage<Verdict> judge(Request request, Exchange exchange) {
        String token = Shown.token(request.headers(), rule.field());
        if (token == null) {
            return now(new Verdict.Bad(challenge, "no token is shown"));
        }
        TokenKeys.Known known = keys.now();
        if (known == null) {
            return now(NO_KEYS);
        }
        Instant now = exchange.loop().now();
        Proven.Digest digest = proven.digest(token, known.version());
        return proven.has(digest, now)
                ? now(GOOD)
                : Checking.on(worker, exchange, () -> check(token, digest, known, now));
    }

    private Verdict check(String token, Proven.Digest digest, TokenKeys.Known known, Instant now) {
        return switch (Token.judge(token, known.keys(), rule.expected(), now)) {
            case Token.Outcome.Good(Instant until) -> {
                proven.add(digest, until);
                yield GOOD;
            }
            case Token.Outcome.Bad(String why) -> invalid(why);
            case Token.Outcome.UnknownKey unknown -> {
                keys.missed();
                yield invalid("the token is signed with a key that is not known");
            }
        };
    }

    /** RFC 6750 §3.1. */
    private Verdict invalid(String why) {
        return new Verdict.Bad(challenge + ", error=\"invalid_token\"", why);
    }

    private static CompletionStage<Verdict> now(Verdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }
}
