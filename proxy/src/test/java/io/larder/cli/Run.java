package io.larder.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** One run of the command line: its exit status and what it printed. */
record Run(int exit, String out, String err) {
    static final Configs NO_CONFIGS = (source, strict) -> new Configs.Verdict(true, 0, "", "[]", "");
    static final Server NO_SERVER = (source, whenServing) -> Exit.DONE;

    static Run larder(Server server, Configs configs, Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new Main.World(server, configs, environment::get, false));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exit = line.execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    static Run larder(Map<String, String> environment, String... arguments) {
        return larder(NO_SERVER, NO_CONFIGS, environment, arguments);
    }
}
