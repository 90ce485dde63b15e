package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets no more requests of one loop through to one server at once than its response times show that it can take; the others
 * wait as they would for a connection. Confined to its loop.
 */
final class Throttle implements Lender {
    private final Loop loop;
    private final Lender lender;
    private final SharedLimit limit;
    private final int loops;
    private final UpstreamSettings.Pool limits;
    private final WaitingLine waiting;
    private final List<Guest> entering = new ArrayList<>(); // let through, and not lent a connection yet
    private int inside;

    /**
     * @param lender of those who are let through
     * @param loops that share the limit
     */
    Throttle(Loop loop, Server server, Lender lender, SharedLimit limit, int loops, UpstreamSettings.Pool limits) {
        this.loop = loop;
        this.lender = lender;
        this.limit = limit;
        this.loops = loops;
        this.limits = limits;
        this.waiting = new WaitingLine(loop, server);
    }

    @Override
    public void borrow(Borrower borrower, Duration maxIdle, long deadline) {
        loop.check();
        forgetGone();
        admitWaiting();
        if (inside < limit.share(loops) && waiting.isEmpty()) {
            admit(borrower, maxIdle, deadline);
        } else {
            waiting.join(borrower, maxIdle, deadline, limits.pendingTimeout(), limits.maxPending());
        }
    }

    @Override
    public void retire() {
        lender.retire();
    }

    private void admit(Borrower borrower, Duration maxIdle, long deadline) {
        inside++;
        Guest guest = new Guest(borrower, limit.entered());
        entering.add(guest);
        lender.borrow(guest, maxIdle, deadline);
    }

    /** Whoever leaves before there is a connection is not told of any more. */
    private void forgetGone() {
        int before = entering.size();
        entering.removeIf(Guest::isGone);
        inside -= before - entering.size();
        limit.left(before - entering.size());
    }

    private void left() {
        inside--;
        limit.left(1);
        forgetGone();
        admitWaiting();
    }

    private void admitWaiting() {
        while (inside < limit.share(loops)) {
            WaitingLine.Waiter next = waiting.next();
            if (next == null) {
                return;
            }
            admit(next.borrower(), next.maxIdle(), next.deadline());
        }
    }

    /** Who was let through, until its request is over. */
    private final class Guest implements Borrower, Outcome {
        private final Borrower borrower;
        private final int crowd;
        private Outcome outcome = NOBODY;
        private long began;

        /** @param crowd how many of all loops are inside, this one included */
        Guest(Borrower borrower, int crowd) {
            this.borrower = borrower;
            this.crowd = crowd;
        }

        @Override
        public boolean isGone() {
            return borrower.isGone();
        }

        @Override
        public Client client() {
            return borrower.client();
        }

        @Override
        public void lent(Passage passage) {
            entering.remove(this);
            began = loop.nanos();
            borrower.lent(new Passage() {
                @Override
                public boolean isReused() {
                    return passage.isReused();
                }

                @Override
                public Call call(Request request, Exchange exchange, UpstreamSettings settings, Outcome told) {
                    outcome = told;
                    return passage.call(request, exchange, settings, Guest.this);
                }
            });
        }

        @Override
        public void refused(Failure why) {
            if (entering.remove(this)) {
                left();
            }
            borrower.refused(why);
        }

        @Override
        public void answered(Response response) {
            limit.observe(loop.nanos() - began, crowd, response.status() == 503 || response.status() == 429);
            outcome.answered(response);
        }

        @Override
        public void failed(Failure why, boolean silent) {
            if (why.kind() == Failure.Kind.RESPONSE_TIMEOUT) {
                limit.observe(loop.nanos() - began, crowd, true);
            }
            outcome.failed(why, silent);
        }

        @Override
        public void brokeOff(Failure why) {
            outcome.brokeOff(why);
        }

        @Override
        public void over() {
            outcome.over();
            left();
        }
    }

    private static final Outcome NOBODY = new Outcome() {
        @Override
        public void answered(Response response) {}

        @Override
        public void failed(Failure why, boolean silent) {}

        @Override
        public void brokeOff(Failure why) {}

        @Override
        public void over() {}
    };
}
