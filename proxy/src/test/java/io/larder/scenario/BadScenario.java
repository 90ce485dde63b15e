package io.larder.scenario;

/** A scenario that is written wrongly: the message says where, and what. */
final class BadScenario extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadScenario(String message) {
        super(message);
    }
}
