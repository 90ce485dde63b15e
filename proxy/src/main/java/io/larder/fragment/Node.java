package io.larder.fragment;

import io.larder.http.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A piece of a template. */
public sealed interface Node {
    /** As it stands in the page. */
    record Literal(Bytes octets) implements Node {}

    /** What the request puts there ({@code <esi:vars>}); to be escaped for markup. */
    record Filled(Variable variable) implements Node {}

    /**
     * A variable's value, or the page's own text where it has none (SSI's {@code echo}).
     *
     * @param variable what it names; its default is the page's own markup, and is shown as it is
     * @param escaping of the value; {@link Escaping#NONE} goes for what the page itself has assigned, and for nothing that
     *     comes from a visitor
     */
    record Echo(Variable variable, Escaping escaping) implements Node {}

    /** A variable gets a value for what follows in the page (SSI's {@code set}). Shows nothing. */
    record Assign(Variable variable, Text value) implements Node {}

    /**
     * What is shown where an include that names it fails or is empty (SSI's {@code block}). Shows nothing where it stands.
     */
    record Block(String name, List<Node> nodes) implements Node {
        public Block {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Another resource of the same site (SSI's {@code include}): whatever the reference looks like, it never names another
     * host.
     *
     * @param reference where it is; relative to the page, if it begins with no slash
     * @param stub the block that is shown instead where it fails or is empty; empty for none
     * @param message what is shown where it fails and there is no stub
     */
    record Virtual(Text reference, Optional<String> stub, Bytes message) implements Node {}

    /**
     * Another resource ({@code <esi:include>}, ESI 1.0 §3.1).
     *
     * @param src where it is
     * @param alt where else, if it cannot be had there
     * @param optional whether the page goes on without it ({@code onerror="continue"})
     * @param deadline for how long it may be waited for ({@code maxwait}); empty: as the route says
     * @param ttl for how long it is fresh, whatever it says itself; empty: as it says
     */
    record Include(Text src, Optional<Text> alt, boolean optional, Optional<Duration> deadline, Optional<Duration> ttl)
            implements Node {}

    /**
     * The first of {@code whens} that holds, else {@code otherwise} ({@code <esi:choose>}, §3.3).
     *
     * @param otherwise empty for nothing
     */
    record Choose(List<When> whens, List<Node> otherwise) implements Node {
        public Choose {
            whens = List.copyOf(whens);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** What is shown where its test is the first that holds. */
    record When(Condition test, List<Node> nodes) {
        public When {
            nodes = List.copyOf(nodes);
        }
    }

    /** {@code attempt}, or where one of its includes fails {@code except} ({@code <esi:try>}, §3.4). */
    record Try(List<Node> attempt, List<Node> except) implements Node {
        public Try {
            attempt = List.copyOf(attempt);
            except = List.copyOf(except);
        }
    }

    /**
     * A fragment that the page itself brings, for its own includes of that name ({@code <esi:inline>}, §3.2). Shows nothing
     * where it stands.
     *
     * @param name as an include's {@code src} would name it
     * @param fetchable whether others may ask for it
     */
    record Inline(String name, boolean fetchable, List<Node> nodes) implements Node {
        public Inline {
            nodes = List.copyOf(nodes);
        }
    }
}
