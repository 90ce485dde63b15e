package io.larder.app;

import io.larder.netty.Transport;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What the gateway takes from the process it runs in.
 *
 * @param version of this build
 * @param loops how many event loops to run
 * @param clock the wall clock, for dates in messages and ages of stored responses
 * @param random safe for use from all of them
 */
public record Platform(String version, Transport transport, int loops, InstantSource clock, RandomGenerator random) {
    /**
     * This process: a loop per processor, unless the system property {@code larder.loops} says another number; the
     * transport that suits it, unless {@code larder.transport} names one.
     *
     * @throws StartFailure when a property asks for what cannot be
     */
    public static Platform ofProcess(String version) {
        int processors = Runtime.getRuntime().availableProcessors();
        Integer loops = Integer.getInteger("larder.loops", processors);
        if (loops < 1 || loops > 1024) {
            throw StartFailure.configuration("larder.loops must be between 1 and 1024");
        }
        try {
            Transport transport = Transport.pick(System.getProperty("larder.transport"));
            return new Platform(version, transport, loops, InstantSource.system(), new SharedRandom());
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration("larder.transport: " + e.getMessage());
        }
    }
}
