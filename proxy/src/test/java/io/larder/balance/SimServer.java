package io.larder.balance;

import java.util.ArrayDeque;
import java.util.Queue;

/** A simulated server: some workers, a queue before them, and a time that each request takes. */
final class SimServer {
    private static final long ERROR = 1_000_000; // nanoseconds until it answers while it fails

    /** Runs when a request is answered. */
    interface Done {
        void answered(boolean well);
    }

    private record Job(Dice dice, Done done) {}

    final Endpoint endpoint;
    private final Timeline time;
    private final int workers;
    private final double mean;
    private final Queue<Job> queue = new ArrayDeque<>();
    private int busy;
    private int served;
    private int warmAfter;
    private double coldness;

    double slowness = 1;
    boolean isFailing;
    boolean isUsable = true;
    long since = Long.MIN_VALUE / 2; // when it came
    int inFlight;

    /**
     * @param mean nanoseconds that a worker takes for a request; how long one does is chance
     */
    SimServer(Endpoint endpoint, Timeline time, int workers, double mean) {
        this.endpoint = endpoint;
        this.time = time;
        this.workers = workers;
        this.mean = mean;
    }

    /** Has it start cold: so many times slower, less with each request, and warm after {@code requests}. */
    SimServer cold(double times, int requests) {
        coldness = times - 1;
        warmAfter = requests;
        return this;
    }

    /** Requests that it has answered. */
    int served() {
        return served;
    }

    /** Takes a request in. */
    void submit(Dice dice, Done done) {
        inFlight++;
        if (isFailing) {
            time.after(ERROR, () -> {
                inFlight--;
                done.answered(false);
            });
        } else if (busy < workers) {
            work(new Job(dice, done));
        } else {
            queue.add(new Job(dice, done));
        }
    }

    private void work(Job job) {
        busy++;
        double cold = served < warmAfter ? coldness * (warmAfter - served) / warmAfter : 0;
        time.after(job.dice().wait(mean * slowness * (1 + cold)), () -> {
            busy--;
            inFlight--;
            served++;
            Job next = queue.poll();
            if (next != null) {
                work(next);
            }
            job.done().answered(true);
        });
    }
}
