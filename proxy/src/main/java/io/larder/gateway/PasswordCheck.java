package io.larder.gateway;

import io.larder.admission.AuthRule;
import io.larder.admission.PasswordList;
import io.larder.admission.Verdict;
import io.larder.exchange.Exchange;
import io.larder.http.Bytes;
import io.larder.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Judges names and passwords (RFC 7617). A check is made dear on purpose, so it is done elsewhere, and once in a while. */
public final class PasswordCheck implements Credentials {
    private static final Duration KNOWN = Duration.ofMinutes(5);
    private static final Verdict GOOD = new Verdict.Good();

    private final PasswordList passwords;
    private final Executor worker;
    private final Proven proven;
    private final Verdict nothing;
    private final Verdict wrong;

    /**
     * By the list that {@code rule} names.
     *
     * @param worker runs checks, or refuses them when too many wait
     * @param secret of this process
     */
    public PasswordCheck(AuthRule.Passwords rule, PasswordList passwords, Executor worker, Bytes secret) {
        this.passwords = passwords;
        this.worker = worker;
        this.proven = new Proven(secret);
        String challenge = "Basic realm=\"" + rule.realm() + "\", charset=\"UTF-8\"";
        this.nothing = new Verdict.Bad(challenge, "no name and password are shown");
        this.wrong = new Verdict.Bad(challenge, "the name or the password is wrong");
    }

    @Override
    public CompletionStage<Verdict> judge(Request request, Exchange exchange) {
        Shown.Login login = Shown.login(request.headers());
        if (login == null) {
            return CompletableFuture.completedFuture(nothing);
        }
        Instant now = exchange.loop().now();
        Proven.Digest digest = proven.digest(login.name() + ':' + login.password(), 0);
        return proven.has(digest, now)
                ? CompletableFuture.completedFuture(GOOD)
                : Checking.on(worker, exchange, () -> check(login, digest, now));
    }

    private Verdict check(Shown.Login login, Proven.Digest digest, Instant now) {
        if (proven.has(digest, now)) { // by the one before: browsers ask for several things at once
            return GOOD;
        }
        if (!passwords.has(login.name(), login.password())) {
            return wrong;
        }
        proven.add(digest, now.plus(KNOWN));
        return GOOD;
    }
}
