package io.larder.admin;

import java.util.concurrent.CompletionStage;

/** Carries purges out. Called on the admin exchange's loop; the stage may complete on any thread. */
@FunctionalInterface
public interface Purging {
    CompletionStage<PurgeReport> purge(PurgeOrder order);
}
