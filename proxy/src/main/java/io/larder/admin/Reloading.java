package io.larder.admin;

import java.util.concurrent.CompletionStage;

/** Reads the configuration again. */
@FunctionalInterface
public interface Reloading {
    /** Reads it, and lets it become live if it is good. Blocks nobody; the stage completes on any thread, and never fails. */
    CompletionStage<ReloadReport> reload();
}
