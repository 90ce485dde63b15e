package io.larder.balance;

import io.larder.config.load.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Simulates all policies in virtual time; what comes of it is docs/balancing-report.md, to the letter. */
class BalancingReportTest {
    private static final Path REPORT = Path.of("../docs/balancing-report.md");

    @Test
    void theReportIsWhatTheSimulationSays() {
        Markdown page = new Markdown();
        page.text("# How the policies do, simulated");
        page.text(
                "Written by `BalancingReportTest`, which holds it against the code to the letter: virtual time, seeded chance. "
                        + "What follows from it for operators is in [balancing.md](balancing.md).");
        page.text(
                "Unless said otherwise: requests come by chance (Poisson) to four event loops, each with a balancer of its own; "
                        + "servers have eight workers, a queue, and answer in 20 ms on average (exponential); ten servers have work for "
                        + "80 % of their time; keys are 10 000 products (Zipf, 0.9).");
        LoadReport.write(page);
        JoiningReport.write(page);
        KeysReport.write(page);
        ConnectionsReport.write(page);
        Golden.check(REPORT, page.toString());
    }
}
