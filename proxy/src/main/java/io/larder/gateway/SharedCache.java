package io.larder.gateway;

import io.larder.assembly.Pages;
import io.larder.store.Leases;
import io.larder.store.Store;
import io.larder.telemetry.GuardFindings;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * What all routes have in common to cache with: it outlives every configuration.
 *
 * @param store where responses are kept
 * @param flights the fetches under way
 * @param leases how nodes agree on who fetches, on routes that want it
 * @param worker runs what takes longer than a loop may be held up; never a loop itself
 * @param chance gives numbers from 0 to 1; on any thread
 * @param findings is told what the private-page guard sees
 * @param pages what pages are put together with
 */
public record SharedCache(
        Store store,
        Flights flights,
        Leases leases,
        Executor worker,
        DoubleSupplier chance,
        GuardFindings findings,
        Pages pages) {

    /** One of a node that is alone, that leaves nothing to chance, and whose findings nobody reads. */
    public SharedCache(Store store, Flights flights, Executor worker) {
        this(store, flights, Leases.NONE, worker, () -> 1, new GuardFindings(worker), Pages.little(worker));
    }
}
