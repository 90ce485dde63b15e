package io.larder.coherence.simulation;

/** Runs simulations from a command line: {@code Simulate STEPS SEED}. Exit status 1 when something happened that must not. */
public final class Simulate {
    private static final long STORY = 10_000; // steps

    private Simulate() {}

    /** See {@link Simulate}. */
    public static void main(String[] arguments) {
        long steps = Long.parseLong(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        long done = 0;
        long served = 0;
        long completed = 0;
        long bad = 0;
        for (; done < steps; seed++) {
            Simulation.Outcome story = Simulation.run(seed, Math.min(STORY, steps - done));
            done += story.steps();
            served += story.served();
            completed += story.completed();
            if (!story.isGood()) {
                bad++;
                System.out.println(story.violation());
                System.out.println("again: scripts/simulate --steps " + story.steps() + " --seed " + seed);
            }
        }
        System.out.printf(
                "%d steps, %d responses from the caches, %d purges completed, %d violations%n",
                done, served, completed, bad);
        System.exit(bad == 0 ? 0 : 1);
    }
}
