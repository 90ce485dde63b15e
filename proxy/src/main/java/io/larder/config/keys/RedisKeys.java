package io.larder.config.keys;

import io.larder.config.RedisConfig;
import io.larder.config.RedisConfig.Identity;
import io.larder.config.RedisConfig.Lag;
import io.larder.config.RedisConfig.Limits;
import io.larder.config.RedisConfig.Login;
import io.larder.config.RedisConfig.Servers;
import io.larder.config.RedisConfig.Tls;
import io.larder.config.RedisConfig.WhenLagging;
import io.larder.config.RedisUri;
import io.larder.config.bind.Key;
import io.larder.config.bind.Quantities;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys of {@code cache.redis}. */
final class RedisKeys {
    private static final Scalar<String> NAMESPACE_NAME = name("a namespace", "[A-Za-z0-9_.-]{1,64}");
    private static final Scalar<String> NODE_NAME = name("the name of a node", "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private static final Scalar<Duration> LAG = new Scalar<>(
            Scalars.DURATION.noun(),
            Scalars.DURATION.example(),
            RedisKeys::lag,
            Scalars.DURATION.writer(),
            Scalars.DURATION.schema());

    private static final Key<Tls, Path> CA = Key.optional(
            "ca",
            PemFile.of(PemFile.Content.CERTIFICATES),
            Tls::ca,
            "Certificates (PEM) that vouch for the servers; absent: those of the system.");
    private static final Key<Tls, Boolean> VERIFY = Key.of(
            "verify",
            Scalars.SWITCH,
            true,
            Tls::verify,
            "Whether a server must show a certificate that is vouched for and bears its name.");
    private static final Key<Tls, Path> CERT = Key.optional(
            "cert",
            PemFile.of(PemFile.Content.CERTIFICATES),
            Tls::cert,
            "Certificate (PEM) to show to servers that ask for one.");
    private static final Key<Tls, Path> KEY =
            Key.optional("key", PrivateFile.key(), Tls::key, "The key of cert (PEM, PKCS#8).");
    private static final Section<Tls> TLS_SECTION = new Section<>(
            "redis-tls", "How servers are trusted and what is shown to them.", RedisKeys::tls, CA, VERIFY, CERT, KEY);

    private static final Key<RedisConfig, Servers> URI = Key.required(
            "uri",
            new RedisUris(),
            RedisConfig::servers,
            "redis://host:6379/0, rediss:// for TLS, redis-sentinel://h1,h2/0#primary; a list is a Redis Cluster.");
    private static final Key<RedisConfig, String> USERNAME = Key.optional(
            "username",
            Scalars.WORD,
            redis -> redis.login().user(),
            "The ACL user, unless the uri names one; absent: the default user.");
    private static final Key<RedisConfig, Path> PASSWORD_FILE = Key.optional(
            "password-file",
            PrivateFile.secret(1),
            redis -> redis.login().passwordFile(),
            "File with the password, read again at each connect; or user:password@ in the uri, from ${ENV}.");
    private static final Key<RedisConfig, Tls> TLS = Key.optional(
            "tls",
            TLS_SECTION,
            RedisConfig::tls,
            "How servers are trusted; only with rediss:// or rediss-sentinel://.");
    private static final Key<RedisConfig, String> NAMESPACE = Key.of(
            "namespace",
            NAMESPACE_NAME,
            "larder",
            redis -> redis.identity().namespace(),
            "How every key in Redis begins; the same on nodes that share.");
    private static final Key<RedisConfig, String> NODE = Key.optional(
            "node",
            NODE_NAME,
            redis -> redis.identity().node(),
            "What the others call this node, its own among them; absent: the host's name and some letters.");
    private static final Key<RedisConfig, Duration> TIMEOUT = Key.of(
            "timeout",
            Scalars.TIMEOUT,
            Duration.ofMillis(50),
            redis -> redis.limits().timeout(),
            "An answer that takes longer is a miss.");
    private static final Key<RedisConfig, Long> MAX_OBJECT = Key.of(
            "max-object",
            Scalars.SIZE,
            4L << 20,
            redis -> redis.limits().maxObject(),
            "Larger responses are not shared.");
    private static final Key<RedisConfig, Duration> MAX_LAG = Key.of(
            "max-lag",
            LAG,
            Duration.ofSeconds(5),
            redis -> redis.lag().max(),
            "How long the caches are trusted after contact with Redis is lost: the same on all nodes.");
    private static final Key<RedisConfig, WhenLagging> WHEN_LAGGING = Key.of(
            "when-lagging",
            Scalar.choice(WhenLagging.class),
            WhenLagging.REVALIDATE,
            redis -> redis.lag().then(),
            "What becomes of hits after that: revalidate with the origin, serve, or bypass the caches.");

    static final Section<RedisConfig> SECTION = new Section<>(
            "redis",
            "The tier that several nodes share, and by which they purge together.",
            RedisKeys::redis,
            URI,
            USERNAME,
            PASSWORD_FILE,
            TLS,
            NAMESPACE,
            NODE,
            TIMEOUT,
            MAX_OBJECT,
            MAX_LAG,
            WHEN_LAGGING);

    private RedisKeys() {}

    private static RedisConfig redis(Values<RedisConfig> values) {
        RedisUri uri = values.get(URI).first();
        checkLogin(values, uri);
        if (values.wrote(TLS) && !uri.secure()) {
            String wanted = uri.primary() == null ? "rediss://" : "rediss-sentinel://";
            values.error(TLS, "'tls' is written, and the uri does not ask for TLS", "begin the uri with " + wanted);
        }
        return new RedisConfig(
                values.get(URI),
                new Login(values.find(USERNAME), values.find(PASSWORD_FILE)),
                values.find(TLS),
                new Identity(values.get(NAMESPACE), values.find(NODE)),
                new Limits(values.get(TIMEOUT), values.get(MAX_OBJECT)),
                new Lag(values.get(MAX_LAG), values.get(WHEN_LAGGING)));
    }

    private static void checkLogin(Values<RedisConfig> values, RedisUri uri) {
        if (values.wrote(USERNAME) && uri.user() != null) {
            values.error(USERNAME, "the uri names a user, too", "leave one of the two out");
        }
        if (values.wrote(PASSWORD_FILE) && uri.password() != null) {
            values.error(PASSWORD_FILE, "the uri holds a password, too", "leave one of the two out");
        }
        if (values.wrote(USERNAME) && !values.wrote(PASSWORD_FILE) && uri.password() == null) {
            values.error(USERNAME, "a user without a password", "add password-file: FILE");
        }
    }

    private static Tls tls(Values<Tls> values) {
        boolean fit = new TlsFiles<>(CA, VERIFY, CERT, KEY).fit(values);
        return new Tls(
                values.find(CA), values.get(VERIFY), fit ? values.find(CERT) : null, fit ? values.find(KEY) : null);
    }

    private static @Nullable Duration lag(String text) {
        Duration lag = Quantities.duration(text);
        if (lag != null && lag.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "is below 1s: a pause of the collector would be taken for a lost contact");
        }
        return lag;
    }

    private static Scalar<String> name(String noun, String pattern) {
        return new Scalar<>(
                noun,
                "use letters, digits, '-', '_' and '.', at most 64 of them",
                text -> text.matches(pattern) ? text : null,
                text -> text,
                Schemas.pattern(pattern));
    }
}
