package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a page that comes in pieces of any size (ESI 1.0), in time that its length bounds. There is no page that it does
 * not take: what is not understood stands in the page as it was written, with a note of what is wrong with it.
 *
 * <p>Beyond the specification: {@code maxwait} (milliseconds) and {@code ttl} (seconds, or a number with {@code s},
 * {@code m}, {@code h}, {@code d}) of an include, {@code &&} and {@code ||} in tests. Confined to one thread.
 */
public final class EsiParser {
    private static final Set<String> PARTS = Set.of("attempt", "except", "when", "otherwise");
    private static final Set<String> ALONE = Set.of("include", "comment");
    private static final Set<String> AROUND = Set.of("try", "choose", "remove", "vars", "inline");
    private static final Pattern TTL = Pattern.compile("([0-9]{1,9})([smhd]?)");
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,9}");

    private final EsiLimits limits;
    private final TagScanner scanner;
    private final Deque<Element> open = new ArrayDeque<>(); // the innermost first
    private final List<Template.Problem> problems = new ArrayList<>();
    private long offset; // of what is scanned
    private int includes;

    public EsiParser(EsiLimits limits) {
        this.limits = limits;
        this.scanner = new TagScanner(new Building(), limits.tag());
        open.push(new Element(Element.PAGE, null, null, Bytes.EMPTY));
    }

    /** A page that is all here. */
    public static Template parse(Bytes page, EsiLimits limits) {
        EsiParser parser = new EsiParser(limits);
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
        return new Template(Nodes.of(open.element().items()), problems);
    }

    private final class Building implements TagScanner.Sink {
        @Override
        public void text(Bytes octets) {
            open.element().add(new Node.Literal(octets));
            offset += octets.length();
        }

        @Override
        public void tag(Bytes raw) {
            String source = new String(raw.toArray(), StandardCharsets.UTF_8);
            Tag.parse(source).ifPresentOrElse(tag -> take(tag, raw), () -> leave(raw, "this is no tag"));
            offset += raw.length();
        }

        @Override
        public void commentOpens(Bytes raw) {
            begin(new Element(Element.COMMENT, null, null, raw), raw);
            offset += raw.length();
        }

        @Override
        public void commentCloses(Bytes raw) {
            close(Element.COMMENT, raw);
            offset += raw.length();
        }
    }

    /** What stands there is not understood. */
    private void leave(Bytes raw, String why) {
        note(why);
        open.element().damage();
        open.element().add(new Node.Literal(raw));
    }

    private void note(String what) {
        if (problems.size() < limits.problems()) {
            problems.add(new Template.Problem(offset, what));
        }
    }

    private void take(Tag tag, Bytes raw) {
        switch (tag.form()) {
            case CLOSE -> {
                if (!ALONE.contains(tag.name())) {
                    close(tag.name(), raw);
                }
            }
            case EMPTY -> {
                if (ALONE.contains(tag.name())) {
                    alone(tag, raw);
                } else {
                    leave(raw, "<esi:" + tag.name() + "> cannot be empty");
                }
            }
            case OPEN -> {
                if (ALONE.contains(tag.name())) {
                    alone(tag, raw);
                } else {
                    opens(tag, raw);
                }
            }
        }
    }

    private void alone(Tag tag, Bytes raw) {
        if (tag.name().equals("comment")) {
            return;
        }
        if (includes >= limits.includes()) {
            leave(raw, "a page includes " + limits.includes() + " others at most");
            return;
        }
        String wrong = wrong(tag);
        if (wrong != null) {
            leave(raw, wrong);
            return;
        }
        includes++;
        open.element()
                .add(new Node.Include(
                        Text.parse(given(tag, "src")),
                        Optional.ofNullable(tag.attribute("alt")).map(Text::parse),
                        "continue".equals(tag.attribute("onerror")),
                        Optional.ofNullable(tag.attribute("maxwait")).map(EsiParser::milliseconds),
                        Optional.ofNullable(tag.attribute("ttl")).map(EsiParser::duration)));
    }

    private static String given(Tag tag, String called) {
        String value = tag.attribute(called);
        return value == null ? "" : value.strip();
    }

    /** Why this is no include; null if it is one. */
    private static @Nullable String wrong(Tag tag) {
        String method = tag.attribute("method");
        String maxwait = tag.attribute("maxwait");
        String ttl = tag.attribute("ttl");
        if (given(tag, "src").isEmpty()) {
            return "<esi:include> has no src";
        }
        if (method != null && !method.equals("GET")) {
            return "<esi:include> can only GET";
        }
        if (maxwait != null && !MILLISECONDS.matcher(maxwait).matches()) {
            return "maxwait is not a number of milliseconds";
        }
        return ttl != null && !TTL.matcher(ttl).matches() ? "ttl is no duration" : null;
    }

    private static Duration milliseconds(String number) {
        return Duration.ofMillis(Long.parseLong(number));
    }

    private static Duration duration(String text) {
        Matcher parts = TTL.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        ChronoUnit unit = switch (parts.group(2)) {
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> ChronoUnit.SECONDS;
        };
        return Duration.of(Long.parseLong(parts.group(1)), unit);
    }

    private void opens(Tag tag, Bytes raw) {
        String around = open.element().name();
        Condition test = null;
        if (PARTS.contains(tag.name())) {
            boolean ofTry = tag.name().equals("attempt") || tag.name().equals("except");
            if (!around.equals(ofTry ? "try" : "choose")) {
                leave(raw, "<esi:" + tag.name() + "> stands in no <esi:" + (ofTry ? "try>" : "choose>"));
                return;
            }
            if (tag.name().equals("when")) {
                test = ConditionParser.parse(given(tag, "test")).orElse(null);
                if (test == null) {
                    leave(raw, "<esi:when> has no test that can be read");
                    return;
                }
            }
        } else if (!AROUND.contains(tag.name())) {
            leave(raw, "there is no <esi:" + tag.name() + ">");
            return;
        } else if (tag.name().equals("inline") && given(tag, "name").isEmpty()) {
            leave(raw, "<esi:inline> has no name");
            return;
        }
        begin(new Element(tag.name(), tag, test, raw), raw);
    }

    private void begin(Element element, Bytes raw) {
        if (open.size() > limits.depth()) {
            leave(raw, "more than " + limits.depth() + " elements within one another");
        } else {
            open.push(element);
        }
    }

    private void close(String name, Bytes raw) {
        if (open.stream().noneMatch(element -> element.name().equals(name))) {
            leave(raw, "nothing is open that </esi:" + name + "> closes");
            return;
        }
        while (!open.element().name().equals(name)) {
            abandon();
        }
        Element closed = open.pop();
        Element around = open.element();
        switch (name) {
            case Element.COMMENT -> around.addAll(closed.items());
            case "remove" -> {}
            case "vars" -> Nodes.filled(Nodes.of(closed.items())).forEach(around::add);
            case "inline" ->
                around.add(new Node.Inline(
                        String.valueOf(closed.attribute("name")).strip(),
                        "yes".equals(closed.attribute("fetchable")),
                        Nodes.of(closed.items())));
            case "try" -> whole(closed, attempt(closed), raw);
            case "choose" -> whole(closed, choice(closed), raw);
            default -> around.addAll(List.of(closed.closed(raw)));
        }
    }

    /** The innermost element is closed by nothing: what came in it belongs to the one around it. */
    private void abandon() {
        Element lost = open.pop();
        note("nothing closes " + (lost.name().equals(Element.COMMENT) ? "<!--esi" : "<esi:" + lost.name() + ">"));
        open.element().damage();
        open.element().addAll(lost.givenUp(Bytes.EMPTY));
    }

    private void whole(Element closed, @Nullable Node node, Bytes raw) {
        if (node == null || closed.isBroken()) {
            if (!closed.isBroken()) {
                note("<esi:" + closed.name() + "> has not the parts that it needs");
            }
            open.element().addAll(closed.givenUp(raw));
        } else {
            open.element().add(node);
        }
    }

    private static @Nullable Node attempt(Element element) {
        List<Element.Item.Part> attempts = element.parts("attempt");
        List<Element.Item.Part> excepts = element.parts("except");
        if (attempts.size() != 1 || excepts.size() > 1) {
            return null;
        }
        return new Node.Try(Nodes.of(attempts.get(0).items()), ofFirst(excepts));
    }

    private static @Nullable Node choice(Element element) {
        List<Node.When> whens = new ArrayList<>();
        for (Element.Item.Part part : element.parts("when")) {
            Condition test = part.test();
            if (test != null) {
                whens.add(new Node.When(test, Nodes.of(part.items())));
            }
        }
        List<Element.Item.Part> others = element.parts("otherwise");
        return whens.isEmpty() || others.size() > 1 ? null : new Node.Choose(whens, ofFirst(others));
    }

    private static List<Node> ofFirst(List<Element.Item.Part> parts) {
        return parts.isEmpty() ? List.of() : Nodes.of(parts.get(0).items());
    }
}
