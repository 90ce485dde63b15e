package io.larder.admin;

import java.util.concurrent.CompletionStage;

/** Carries purges out. Called off the loops; the stage may complete on any thread. */
@FunctionalInterface
public interface Purging {
    CompletionStage<PurgeReport> purge(PurgeOrder order);
}
