package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a page with Server Side Includes that comes in pieces of any size, as nginx's ngx_http_ssi_module and Apache's
 * mod_include speak them, in time that its length bounds. There is no page that it does not take: what is not understood
 * stands in the page as it was written, with a note of what is wrong with it.
 *
 * <ul>
 *   <li>{@code include}: {@code virtual} or {@code file}, which mean the same, and lead to the page's own site only
 *       ({@link Node.Virtual}). {@code stub} names a block that has ended before. {@code wait} is ignored: what is included
 *       is in order anyway. {@code set} is refused: what a page decides, it decides before anything is fetched. Where an
 *       include fails and has no stub, {@code errmsg} stands there, as Apache does it.
 *   <li>{@code echo}: what comes from a visitor is always escaped. {@code encoding="none"} goes for what the page itself has
 *       set, from what it has written itself; in a value that is made of both, for that part.
 *   <li>{@code set}: counts for what follows; values end after 4 096 characters. In a block that is a stub, for the rest of the block.
 *   <li>{@code if}, {@code elif}, {@code else}, {@code endif}: within one another, too; see {@link SsiExpression}.
 *   <li>{@code block}, {@code endblock}: of two with one name the first counts. One that stands in a branch that is not taken
 *       is empty.
 *   <li>{@code config}: {@code timefmt} and {@code errmsg} count for what stands below, in whichever branch.
 * </ul>
 *
 * <p>Names of variables are those of {@link SsiVariable}. Not known are {@code printenv}, {@code exec}, {@code fsize},
 * {@code flastmod}, the groups of a regular expression as {@code $1}, and variables of one page in another that it includes.
 * Confined to one thread.
 */
public final class SsiParser {
    private final EsiLimits limits;
    private final CommandScanner scanner;
    private final SsiCommands commands;
    private final Deque<OpenCommand> open = new ArrayDeque<>(); // the innermost first
    private final List<Template.Problem> problems = new ArrayList<>();
    private int ignored; // open commands that are too many within one another
    private long offset; // of what is scanned

    /** For one page. {@link EsiLimits#tag()} is of a command, {@link EsiLimits#depth()} of open commands. */
    public SsiParser(EsiLimits limits) {
        this.limits = limits;
        this.scanner = new CommandScanner(new Building(), limits.tag());
        this.commands = new SsiCommands(limits);
        open.push(OpenCommand.page());
    }

    /** A page that is all here. */
    public static Template parse(Bytes page, EsiLimits limits) {
        SsiParser parser = new SsiParser(limits);
        parser.feed(page);
        return parser.finish();
    }

    /** Takes in more of the page, whose octets nobody may change any more. */
    public void feed(Bytes more) {
        scanner.feed(more);
    }

    /** The page is over. */
    public Template finish() {
        scanner.finish();
        while (open.size() > 1) {
            abandon();
        }
        return new Template(open.element().nodes(), problems);
    }

    private final class Building implements CommandScanner.Sink {
        @Override
        public void text(Bytes octets) {
            open.element().add(new Node.Literal(octets));
            offset += octets.length();
        }

        @Override
        public void command(Bytes raw) {
            Optional<Command> command = Command.parse(new String(raw.toArray(), StandardCharsets.UTF_8));
            command.ifPresentOrElse(known -> take(known, raw), () -> leave(raw, "this is no command"));
            offset += raw.length();
        }

        @Override
        public void endless(Bytes raw) {
            leave(raw, "a command that does not end within " + limits.tag() + " octets");
            offset += raw.length();
        }
    }

    /** What stands there is not understood. */
    private void leave(Bytes raw, String why) {
        note(why);
        open.element().add(new Node.Literal(raw));
    }

    private void note(String what) {
        if (problems.size() < limits.problems()) {
            problems.add(new Template.Problem(offset, what));
        }
    }

    private void take(Command command, Bytes raw) {
        String wrong = SsiCommands.wrong(command);
        switch (command.name()) {
            case "if" -> begin(OpenCommand.choice(raw, wrong == null ? test(command) : null), raw);
            case "block" -> begin(OpenCommand.block(raw, wrong == null ? command.given("name") : ""), raw);
            case "elif", "else" -> branch(command, wrong == null, raw);
            case "endif" -> end(OpenCommand.IF, raw);
            case "endblock" -> end(OpenCommand.BLOCK, raw);
            default -> alone(wrong == null ? commands.read(command) : new SsiCommands.Outcome.Refused(wrong), raw);
        }
    }

    private @Nullable Condition test(Command command) {
        return commands.test(command).orElse(null);
    }

    private void alone(SsiCommands.Outcome outcome, Bytes raw) {
        switch (outcome) {
            case SsiCommands.Outcome.Known(List<Node> nodes) -> open.element().addAll(nodes);
            case SsiCommands.Outcome.Refused(String why) -> leave(raw, why);
        }
    }

    private void begin(OpenCommand command, Bytes raw) {
        if (ignored > 0 || open.size() > limits.depth()) {
            ignored++;
            leave(raw, "more than " + limits.depth() + " open commands within one another");
            return;
        }
        if (command.isBroken()) {
            note(command.name() + " has not what it needs, and nothing else");
        }
        open.push(command);
    }

    private void branch(Command command, boolean wellFormed, Bytes raw) {
        OpenCommand around = open.element();
        boolean last = command.name().equals("else");
        Condition test = last ? null : test(command);
        if (ignored > 0) {
            around.add(new Node.Literal(raw));
        } else if (around.mayBranch() && wellFormed && (last || test != null)) {
            around.branch(raw, test);
        } else {
            around.damage(); // if it is an if: which of its parts is meant nobody knows
            leave(raw, command.name() + " stands in no if, or behind else, or has no test that can be read");
        }
    }

    private void end(String name, Bytes raw) {
        if (ignored > 0) {
            ignored--;
            open.element().add(new Node.Literal(raw));
        } else if (open.stream().noneMatch(command -> command.is(name))) {
            leave(raw, "no " + name + " is open here");
        } else {
            while (!open.element().is(name)) {
                abandon();
            }
            OpenCommand ended = open.pop();
            open.element().addAll(ended.ended(raw));
            if (name.equals(OpenCommand.BLOCK) && !ended.isBroken()) {
                commands.define(ended.label());
            }
        }
    }

    /** Nothing ends the innermost open command: what came in it belongs to the one around it. */
    private void abandon() {
        OpenCommand lost = open.pop();
        note("nothing ends " + lost.name());
        open.element().addAll(lost.givenUp(Bytes.EMPTY));
    }
}
