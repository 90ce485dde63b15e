package io.larder.app;

import io.larder.admission.AuthRule;
import io.larder.admission.KeySet;
import io.larder.admission.PasswordList;
import io.larder.config.AdmissionConfig;
import io.larder.config.AdmissionConfig.Basic;
import io.larder.config.AdmissionConfig.Jwks;
import io.larder.config.AdmissionConfig.Jwt;
import io.larder.config.LarderConfig;
import io.larder.gateway.Credentials;
import io.larder.gateway.Doorkeepers;
import io.larder.gateway.PasswordCheck;
import io.larder.gateway.TokenCheck;
import io.larder.gateway.TokenKeys;
import io.larder.http.Bytes;
import io.larder.store.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings to life by what clients are let in. What it has outlives configurations.
 *
 * @param passwords checks passwords, one after the other
 * @param tokens checks tokens
 * @param secret of this process
 */
record Keepers(Rates rates, Keyrings keyrings, Executor passwords, Executor tokens, Bytes secret) {
    private static final int PASSWORDS = 16; // of a few tenths of a second each
    private static final int TOKENS = 1024; // of less than a millisecond

    static Keepers of(Rates rates, Bytes secret) {
        return new Keepers(
                rates,
                new Keyrings(),
                PageWorker.start("larder-passwords", PASSWORDS),
                PageWorker.start("larder-tokens", TOKENS),
                secret);
    }

    /**
     * Reads the files that {@code config} names.
     *
     * @throws StartFailure when one cannot be used
     */
    Doorkeepers of(LarderConfig config) {
        Map<AuthRule, Credentials> credentials = new HashMap<>();
        AdmissionTranslation.rules(config).forEach((rule, said) -> credentials.put(rule, credentials(rule, said)));
        return new Doorkeepers(rates, rule -> Objects.requireNonNull(credentials.get(rule)));
    }

    private Credentials credentials(AuthRule rule, AdmissionConfig.On said) {
        return switch (rule) {
            case AuthRule.Passwords asked -> new PasswordCheck(asked, list(said.basic()), passwords, secret);
            case AuthRule.Tokens asked -> new TokenCheck(asked, keys(said.jwt()), tokens, secret);
        };
    }

    private static PasswordList list(@Nullable Basic basic) {
        Path file = Objects.requireNonNull(basic).file();
        return read(file, content -> PasswordList.of(new String(content, StandardCharsets.UTF_8)));
    }

    private TokenKeys keys(@Nullable Jwt jwt) {
        return switch (Objects.requireNonNull(jwt).jwks()) {
            case Jwks.OfUrl(URI url) -> keyrings.at(url);
            case Jwks.OfFile(Path path) -> new FileKeys(new TokenKeys.Known(read(path, KeySet::of), 0));
        };
    }

    /** Those of a file: when it changes, the whole configuration is read anew. */
    private record FileKeys(Known known) implements TokenKeys {
        @Override
        public Known now() {
            return known;
        }

        @Override
        public void missed() {}
    }

    private static <T> T read(Path file, Function<byte[], T> meaning) {
        try {
            return meaning.apply(Files.readAllBytes(file));
        } catch (IOException e) {
            throw StartFailure.configuration("the file " + file + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration("the file " + file + " " + e.getMessage());
        }
    }

    /** Lets go of what {@code config}, which is live, does not name. */
    void keepOnly(LarderConfig config) {
        Set<URI> wanted = AdmissionTranslation.rules(config).values().stream()
                .map(AdmissionConfig.On::jwt)
                .filter(jwt -> jwt != null && jwt.jwks() instanceof Jwks.OfUrl)
                .map(jwt -> ((Jwks.OfUrl) Objects.requireNonNull(jwt).jwks()).url())
                .collect(Collectors.toSet());
        keyrings.keepOnly(wanted);
    }
}
