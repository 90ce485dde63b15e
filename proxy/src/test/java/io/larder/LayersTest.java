package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.larder.Layers.Kept;
import io.larder.Layers.Reserved;
import io.larder.http.Headers;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Holds the architecture: who stands above whom, who knows which library, and where clocks, chance and threads are. */
class LayersTest {

    /** From the bottom up. A package imports from the rows above its own here, never from below and never from beside. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("http", "pki"),
            Set.of("policy", "fragment", "balance", "coherence", "admission"),
            Set.of("route"),
            Set.of("exchange"),
            Set.of("netty"),
            Set.of("store", "upstream", "server", "telemetry"),
            Set.of("assembly"),
            Set.of("gateway", "whatif"),
            Set.of("admin"),
            Set.of("config"), // stands aside: app and cli alone see it
            Set.of("app"),
            Set.of("cli"));

    private static final Set<String> ALL = FLOORS.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    /** Buffers are Netty's, so its row also keeps reference counting on this side of the door. */
    private static final List<Reserved> LIBRARIES = List.of(
            new Reserved("java.", ALL),
            new Reserved("javax.net.ssl.", Set.of("netty", "server", "upstream")),
            new Reserved(
                    // what clients are bound by, their passwords, and what shows where they are
                    "javax.crypto.", Set.of("route", "admission", "server")),
            new Reserved("org.jspecify.annotations.", ALL),
            new Reserved("io.netty.", Set.of("netty", "server", "upstream")),
            new Reserved("com.github.benmanes.caffeine.", Set.of("store")),
            new Reserved("io.lettuce.", Set.of("store")),
            new Reserved("io.micrometer.", Set.of("telemetry")),
            new Reserved("io.prometheus.", Set.of("telemetry")),
            new Reserved("io.opentelemetry.", Set.of("telemetry")),
            new Reserved("org.snakeyaml.", Set.of("config")),
            new Reserved("picocli.", Set.of("cli")),
            new Reserved("com.sun.net.httpserver.", Set.of("cli")), // the app of larder demo
            new Reserved(
                    "com.fasterxml.jackson.",
                    // upstream: Kubernetes; admission: tokens and their keys
                    Set.of("admission", "upstream", "admin", "config", "cli")),
            new Reserved("org.slf4j.", Set.of("store", "upstream", "server", "telemetry", "config", "app", "cli")),
            new Reserved("ch.qos.logback.", Set.of("app")));

    private static final Set<String> RIM = Set.of("app", "cli");

    /** An event loop is the clock of all that runs on it. */
    private static final Set<String> CLOCK = Set.of("app", "cli", "netty");

    private static final List<Reserved> MEMBERS = List.of(
            new Reserved("java.lang.System.nanoTime(", CLOCK),
            new Reserved("java.lang.System.currentTimeMillis(", CLOCK),
            new Reserved("java.time.Instant.now(", CLOCK),
            new Reserved("java.time.Clock.system", CLOCK),
            new Reserved("java.time.Clock.tick", CLOCK),
            new Reserved("java.time.LocalDate.now(", CLOCK),
            new Reserved("java.time.LocalDateTime.now(", CLOCK),
            new Reserved("java.time.OffsetDateTime.now(", CLOCK),
            new Reserved("java.time.ZonedDateTime.now(", CLOCK),
            new Reserved("java.util.Date.<init>()", CLOCK),
            new Reserved("java.lang.Math.random(", RIM),
            new Reserved("java.util.Random.<init>()", RIM),
            new Reserved("java.util.SplittableRandom.<init>()", RIM),
            new Reserved("java.util.concurrent.ThreadLocalRandom.current(", RIM),
            new Reserved("java.security.SecureRandom.<init>(", RIM),
            new Reserved("java.security.SecureRandom.getInstance", RIM),
            new Reserved("java.util.random.RandomGenerator.getDefault(", RIM),
            new Reserved("java.util.random.RandomGenerator.of(", RIM),
            new Reserved("java.util.UUID.randomUUID(", RIM),
            new Reserved("java.lang.System.getenv(", RIM),
            new Reserved("java.lang.System.getProperty(", RIM),
            new Reserved("java.lang.System.getProperties(", RIM),
            new Reserved("java.lang.System.setProperty(", RIM),
            new Reserved("java.lang.Boolean.getBoolean(", RIM),
            new Reserved("java.lang.Integer.getInteger(", RIM),
            new Reserved("java.lang.Long.getLong(", RIM),
            new Reserved("java.lang.System.exit(", RIM),
            new Reserved("java.lang.Thread.sleep(", Set.of("cli")));

    /**
     * One field governs a response (RFC 9213 §2.2): whoever read another would find what the origin did not mean for us. Who
     * reads directives may parse them; who only writes, copies or lists such fields may name them, and reads nothing.
     */
    private static final List<Kept> DIRECTIVES = List.of(
            new Kept(
                    "io.larder.http.CacheControl.of(",
                    Set.of("policy.Governing", "policy.ClientDirectives", "policy.JointHead", "http.TargetedField")),
            new Kept("io.larder.http.CacheControl.parse(", Set.of("policy.Governing", "http.SurrogateControl")),
            new Kept("io.larder.http.TargetedField.parse(", Set.of("policy.Governing")),
            new Kept("io.larder.http.SurrogateControl.parse(", Set.of("policy.Governing")),
            new Kept(
                    "io.larder.http.Fields.CACHE_CONTROL",
                    Set.of(
                            "policy.Governing",
                            "policy.ClientDirectives",
                            "policy.Reuse", // asks whether a request has any
                            "policy.Preconditions", // repeats it in a 304
                            "policy.JointHead", // says what is true of all parts of a page
                            "policy.OwnCookie", // says that a response is for one client
                            "http.CacheControl",
                            "http.HopByHop",
                            "http.Trailers",
                            "upstream.ResponseFields",
                            "exchange.Problem",
                            "gateway.Purging",
                            "admin.Answers")),
            new Kept(
                    "io.larder.http.Fields.SURROGATE_CONTROL",
                    Set.of("policy.Governing", "policy.SurrogateFields", "http.SurrogateControl")),
            new Kept("io.larder.http.Fields.X_ACCEL_EXPIRES", Set.of("policy.Governing", "policy.SurrogateFields")));

    private static final List<String> CONCURRENCY = List.of(
            "java.util.concurrent.atomic.",
            "java.util.concurrent.locks.",
            "java.util.concurrent.Concurrent",
            "java.util.concurrent.CopyOnWrite",
            "java.util.concurrent.ArrayBlocking",
            "java.util.concurrent.LinkedBlocking",
            "java.util.concurrent.LinkedTransfer",
            "java.util.concurrent.PriorityBlocking",
            "java.util.concurrent.Blocking",
            "java.util.concurrent.SynchronousQueue",
            "java.util.concurrent.DelayQueue",
            "java.util.concurrent.Semaphore",
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.CyclicBarrier",
            "java.util.concurrent.Phaser",
            "java.util.concurrent.Exchanger",
            "java.lang.invoke.VarHandle",
            "java.lang.ThreadLocal");

    private static final Layers HOUSE = new Layers(
            "io.larder",
            new ClassFileImporter()
                    .importUrl(
                            Headers.class.getProtectionDomain().getCodeSource().getLocation()));

    @Test
    void theHouseWasFound() {
        assertThat(HOUSE.house().contain("io.larder.http.Headers")).isTrue();
    }

    @Test
    void packagesImportFromLowerFloorsOnly() {
        assertThat(HOUSE.againstFloors(FLOORS)).isEmpty();
    }

    @Test
    void noCycles() {
        assertThat(HOUSE.cycles()).isEmpty();
    }

    @Test
    void librariesStayBehindTheirBorders() {
        assertThat(HOUSE.acrossBorders(LIBRARIES)).isEmpty();
    }

    @Test
    void clockChanceAndEnvironmentArePassedIn() {
        assertThat(HOUSE.reservedCalls(MEMBERS)).isEmpty();
    }

    @Test
    void directivesAreReadInOnePlace() {
        assertThat(HOUSE.keptMembers(DIRECTIVES)).isEmpty();
    }

    @Test
    void threadsMeetInSharedClassesOnly() {
        assertThat(HOUSE.unsharedConcurrency(CONCURRENCY)).isEmpty();
    }

    @Test
    void noStaticMutableState() {
        assertThat(HOUSE.staticState()).isEmpty();
    }

    @Test
    void packagesAreNullMarked() {
        assertThat(HOUSE.packagesNotNullMarked()).isEmpty();
    }

    /** A house full of faults, to know that each rule sees its own and lets the innocent pass. */
    @Nested
    class RulesBite {
        private static final String ROOT = "io.larder.badhouse";
        private static final Layers BAD = new Layers(ROOT, new ClassFileImporter().importPackages(ROOT));

        @Test
        void floors() {
            assertThat(BAD.againstFloors(FLOORS))
                    .containsExactly(
                            ROOT + ".attic.Lost stands in no room of the house: attic",
                            ROOT + ".gateway.SeesConfig reaches up or sideways to " + ROOT + ".config.Settings",
                            ROOT + ".http.ReachesUp reaches up or sideways to " + ROOT + ".gateway.Above",
                            ROOT + ".policy.Sideways reaches up or sideways to " + ROOT + ".fragment.Beside");
        }

        @Test
        void cycles() {
            assertThat(BAD.cycles())
                    .singleElement()
                    .asString()
                    .contains("Cycle detected", "Slice gateway", "Slice http")
                    .doesNotContain("Slice policy");
        }

        @Test
        void borders() {
            assertThat(BAD.acrossBorders(LIBRARIES))
                    .filteredOn(found -> !found.contains(".attic.") && !found.contains(" io.larder."))
                    .containsExactly(
                            ROOT + ".policy.HoldsBuffer must not know io.netty.buffer.ByteBuf",
                            ROOT + ".policy.Logs must not know org.slf4j.Logger",
                            ROOT + ".policy.Logs must not know org.slf4j.LoggerFactory",
                            ROOT + ".server.UnknownLibrary must not know org.assertj.core.api.SoftAssertions");
        }

        @Test
        void reservedCalls() {
            assertThat(BAD.reservedCalls(MEMBERS))
                    .containsExactly(
                            ROOT + ".netty.ClockButNoChance must not call java.util.Random.<init>()",
                            ROOT + ".policy.ReadsWorld must not call java.lang.System.getenv(java.lang.String)",
                            ROOT + ".policy.ReadsWorld must not call java.lang.System.nanoTime()",
                            ROOT + ".policy.ReadsWorld must not call java.time.Clock.systemUTC()",
                            ROOT + ".policy.ReadsWorld must not call java.time.Instant.now()");
        }

        @Test
        void keptMembers() {
            assertThat(BAD.keptMembers(DIRECTIVES))
                    .containsExactly(
                            ROOT
                                    + ".policy.ReadsDirectives must not use io.larder.http.CacheControl.of(io.larder.http.Headers)",
                            ROOT + ".policy.ReadsDirectives must not use io.larder.http.Fields.CACHE_CONTROL");
        }

        @Test
        void concurrency() {
            assertThat(BAD.unsharedConcurrency(CONCURRENCY))
                    .containsExactly(
                            ROOT + ".policy.Guarded has the synchronized method guarded and is not @Shared",
                            ROOT + ".policy.Guarded has the volatile field seen and is not @Shared",
                            ROOT + ".policy.Guarded uses java.util.concurrent.ConcurrentHashMap and is not @Shared",
                            ROOT + ".policy.Guarded uses java.util.concurrent.atomic.AtomicLong and is not @Shared",
                            ROOT + ".policy.Guarded uses java.util.concurrent.locks.ReentrantLock and is not @Shared");
        }

        @Test
        void staticState() {
            assertThat(BAD.staticState())
                    .containsExactly(
                            ROOT + ".policy.StaticState has static mutable state: ATOMIC",
                            ROOT + ".policy.StaticState has static mutable state: LIST",
                            ROOT + ".policy.StaticState has static mutable state: counter");
        }

        @Test
        void nullMarked() {
            assertThat(BAD.packagesNotNullMarked())
                    .contains(ROOT + ".policy", ROOT + ".gateway")
                    .doesNotContain(ROOT + ".http");
        }
    }
}
