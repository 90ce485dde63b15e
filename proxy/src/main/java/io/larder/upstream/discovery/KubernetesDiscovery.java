package io.larder.upstream.discovery;

import io.larder.exchange.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The pods of a Kubernetes service, by its EndpointSlices: listed once and then watched. Has a thread, which waits mostly. */
@Shared
public final class KubernetesDiscovery implements Discovery {
    private final ClusterAccess access;
    private final KubernetesTarget target;
    private final KubernetesPace pace;
    private final LongSupplier nanos;
    private final DoubleSupplier chance;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>(); // one at most; guarded by this

    /**
     * Asks nothing yet.
     *
     * @param nanos a clock that goes on evenly
     * @param chance from 0 to 1; asked on a thread of its own
     */
    public KubernetesDiscovery(
            ClusterAccess access, KubernetesTarget target, LongSupplier nanos, DoubleSupplier chance) {
        this(access, target, KubernetesPace.USUAL, nanos, chance);
    }

    KubernetesDiscovery(
            ClusterAccess access,
            KubernetesTarget target,
            KubernetesPace pace,
            LongSupplier nanos,
            DoubleSupplier chance) {
        this.access = access;
        this.target = target;
        this.pace = pace;
        this.nanos = nanos;
        this.chance = chance;
    }

    @Override
    public synchronized void start(Listener listener) {
        SliceFollower follower = new SliceFollower(target, pace, chance, new Announcer(listener));
        Thread thread = new Thread(() -> run(follower), "larder-kubernetes-" + target.service());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        threads.forEach(Thread::interrupt);
    }

    private void run(SliceFollower follower) {
        try {
            while (closed.getCount() > 0) {
                long pause = attempt(follower);
                closed.await(pause, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed; nobody waits for this thread
        }
    }

    /** Follows until there is trouble; answers how long to pause. Each attempt reads the certificates anew. */
    private long attempt(SliceFollower follower) throws InterruptedException {
        try (KubernetesApi api = new KubernetesApi(access, target, pace.answer(), nanos)) {
            while (closed.getCount() > 0) {
                follower.follow(api);
            }
            return 0;
        } catch (ApiTrouble trouble) {
            return follower.trouble(trouble).toNanos();
        } catch (RuntimeException bug) { // or nobody would look for servers any more
            return follower.trouble(new ApiTrouble(ApiTrouble.Kind.GONE, "following broke off: " + bug))
                    .toNanos();
        }
    }
}
