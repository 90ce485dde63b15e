package io.larder.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** What the processes of a fleet have said goes along with a test's failure. */
final class Testimony implements TestExecutionExceptionHandler {
    private final List<Fleet> witnesses = new CopyOnWriteArrayList<>();

    Fleet of(Fleet fleet) {
        witnesses.add(fleet);
        return fleet;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (Fleet fleet : witnesses) {
            failure.addSuppressed(new AssertionError("what the nodes said:\n" + fleet.said()));
        }
        throw failure;
    }
}
