package io.larder.config.keys;

import io.larder.admission.KeySet;
import io.larder.admission.PasswordList;
import io.larder.config.AdmissionConfig.Algorithm;
import io.larder.config.AdmissionConfig.Auth;
import io.larder.config.AdmissionConfig.Basic;
import io.larder.config.AdmissionConfig.Jwks;
import io.larder.config.AdmissionConfig.Jwt;
import io.larder.config.AdmissionConfig.Off;
import io.larder.config.AdmissionConfig.On;
import io.larder.config.bind.Binding;
import io.larder.config.bind.Either;
import io.larder.config.bind.FilePath;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.OneOrMore;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.http.Cidr;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys that say what clients must show. */
final class AuthKeys {
    private static final int LARGEST = 1 << 20;

    private static final Key<Basic, Path> FILE = Key.required(
            "file",
            new PrivateFile(new GivenFile(new FilePath(), LARGEST, true, content -> PasswordList.fault(content))),
            Basic::file,
            "File with a line for each name, as larder password writes it; read again when it changes.");
    private static final Key<Basic, String> BASIC_REALM = Key.optional(
            "realm", realm(), Basic::realm, "What clients are told that the password is for; absent: the site's name.");
    private static final Section<Basic> BASIC = new Section<>(
            "auth-basic",
            "A name and its password (RFC 7617); only where clients come over TLS.",
            values -> new Basic(values.get(FILE), values.find(BASIC_REALM)),
            FILE,
            BASIC_REALM);

    private static final Key<Jwt, Jwks> JWKS = Key.required(
            "jwks",
            new KeysPlace(),
            Jwt::jwks,
            "The keys that tokens are signed with (RFC 7517): a file, read again when it changes, or an https URL.");
    private static final Key<Jwt, String> ISSUER =
            Key.optional("issuer", Scalars.WORD, Jwt::issuer, "What a token's iss must be; absent: anything.");
    private static final Key<Jwt, List<String>> AUDIENCE = Key.of(
            "audience",
            new OneOrMore<>(Scalars.WORD),
            List.of(),
            jwt -> jwt.audience().isEmpty() ? null : jwt.audience(),
            "Of which a token's aud must have one; absent: anything.");
    private static final Key<Jwt, List<Algorithm>> ALGORITHMS = Key.of(
            "algorithms",
            ListOf.some(Scalar.choice(algorithms())),
            List.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EDDSA),
            Jwt::algorithms,
            "How tokens may be signed; never none, and never by a shared secret.");
    private static final Key<Jwt, Duration> CLOCK_SKEW = Key.of(
            "clock-skew",
            Scalars.DURATION,
            Duration.ofSeconds(60),
            Jwt::clockSkew,
            "By how much the issuer's clock may differ from ours.");
    private static final Key<Jwt, String> HEADER = Key.of(
            "header",
            Scalars.TELLING_FIELD,
            "Authorization",
            Jwt::header,
            "The field that brings the token; another than Authorization makes requests pass by the cache.");
    private static final Key<Jwt, String> JWT_REALM = Key.optional(
            "realm", realm(), Jwt::realm, "What clients are told that the token is for; absent: the site's name.");
    private static final Section<Jwt> JWT = new Section<>(
            "auth-jwt",
            "A signed token (RFC 6750, RFC 7519).",
            values -> new Jwt(
                    values.get(JWKS),
                    values.find(ISSUER),
                    values.get(AUDIENCE),
                    values.get(ALGORITHMS),
                    values.get(CLOCK_SKEW),
                    values.get(HEADER),
                    values.find(JWT_REALM)),
            JWKS,
            ISSUER,
            AUDIENCE,
            ALGORITHMS,
            CLOCK_SKEW,
            HEADER,
            JWT_REALM);

    private static final Key<On, Basic> ON_BASIC = Key.optional("basic", BASIC, On::basic, "A name and its password.");
    private static final Key<On, Jwt> ON_JWT = Key.optional("jwt", JWT, On::jwt, "A signed token.");
    private static final Section<On> SECTION = new Section<On>(
                    "auth",
                    "What clients must show; else they are answered 401.",
                    values -> new On(values.find(ON_BASIC), values.find(ON_JWT)),
                    ON_BASIC,
                    ON_JWT)
            .withOneOf(ON_BASIC, ON_JWT);

    static final Type<Auth> TYPE =
            new Either<Auth, Auth, On>(Scalar.<Auth>choice(Map.of("off", new Off())), SECTION, On.class);

    private AuthKeys() {}

    private static Map<String, Algorithm> algorithms() {
        Map<String, Algorithm> words = new LinkedHashMap<>();
        words.put("RS256", Algorithm.RS256);
        words.put("ES256", Algorithm.ES256);
        words.put("EdDSA", Algorithm.EDDSA);
        return words;
    }

    /** It is sent between quotes. */
    private static Scalar<String> realm() {
        return new Scalar<>(
                "a text in ASCII without quotes",
                null,
                text -> text.matches("[ !#-\\[\\]-~]{1,100}") ? text : null,
                text -> text,
                Schemas.pattern("[ !#-\\[\\]-~]{1,100}"));
    }

    /** A file or a URL. */
    private record KeysPlace() implements Type<Jwks> {
        private static final GivenFile FILE =
                new GivenFile(new FilePath(), LARGEST, true, content -> KeySet.fault(content));
        private static final Scalar<URI> URL = new Scalar<>(
                "an https URL",
                "write https://host/path (http only for this machine)",
                KeysPlace::url,
                URI::toString,
                Schemas.pattern("https?://\\S+"));

        @Override
        public @Nullable Jwks read(Node node, Binding binding) {
            if (node instanceof ScalarNode scalar && scalar.getValue().contains("://")) {
                URI url = URL.read(node, binding);
                return url == null ? null : new Jwks.OfUrl(url);
            }
            Path file = FILE.read(node, binding);
            return file == null ? null : new Jwks.OfFile(file);
        }

        @Override
        public Object write(Jwks jwks) {
            return switch (jwks) {
                case Jwks.OfFile(Path path) -> FILE.write(path);
                case Jwks.OfUrl(URI url) -> URL.write(url);
            };
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return FILE.schema(definitions);
        }

        private static @Nullable URI url(String text) {
            try {
                URI url = new URI(text);
                String host = url.getHost();
                boolean plain = host != null && url.getUserInfo() == null && url.getFragment() == null;
                boolean secure = "https".equalsIgnoreCase(url.getScheme());
                boolean near = "http".equalsIgnoreCase(url.getScheme()) && host != null && isOfThisMachine(host);
                return plain && (secure || near) ? url : null;
            } catch (URISyntaxException e) {
                return null;
            }
        }

        private static boolean isOfThisMachine(String host) {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return bare.equals("localhost")
                    || Cidr.parse(bare)
                            .filter(address ->
                                    Cidr.parse("127.0.0.0/8").orElseThrow().covers(address) || bare.equals("::1"))
                            .isPresent();
        }
    }
}
