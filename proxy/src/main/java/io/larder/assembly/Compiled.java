package io.larder.assembly;

import io.larder.fragment.EsiLimits;
import io.larder.fragment.EsiParser;
import io.larder.fragment.Node;
import io.larder.fragment.SsiParser;
import io.larder.fragment.Template;
import io.larder.fragment.Variable;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.policy.FormMask;
import io.larder.route.FragmentPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page as it was read: what it consists of.
 *
 * @param template of it
 * @param length of its octets, decoded
 * @param own whether it holds its octets by itself, and not only a page's
 * @param plan by which it was read
 */
public record Compiled(Template template, long length, boolean own, FragmentPlan plan) {
    /** No page is decoded further than that, in octets. */
    static final long LARGEST = 32 << 20;

    private static final int NODE = 64; // heap bytes of a node without what it holds

    /** Where the visitor's own token goes; no page can name it. */
    static final Variable TOKEN = new Variable("FORM TOKEN", null, null);

    /**
     * Reads {@code page}. Takes its time where that is long.
     *
     * @param coding it is in
     * @return null where it cannot be decoded
     */
    static @Nullable Compiled of(Bytes page, ContentCoding coding, Reading reading, FragmentPlan plan) {
        Bytes text = coding.decode(page, LARGEST);
        if (text == null) {
            return null;
        }
        Template template = switch (reading.language()) {
            case ESI -> EsiParser.parse(text, limits(plan));
            case SSI -> SsiParser.parse(text, limits(plan));
            case NONE -> new Template(List.of(new Node.Literal(text)), List.of());
        };
        FormMask mask = reading.mask();
        return new Compiled(
                mask == null ? template : template.cut(mask::split, TOKEN),
                text.length(),
                coding != ContentCoding.IDENTITY,
                plan);
    }

    /** What a page of {@code plan} may ask for. */
    static EsiLimits limits(FragmentPlan plan) {
        EsiLimits usual = EsiLimits.DEFAULTS;
        return new EsiLimits(usual.tag(), usual.depth(), plan.limits().includes(), usual.problems());
    }

    /** Heap bytes that it takes beside the page itself. */
    long weight() {
        return (long) NODE * (1 + template.size()) + (own ? length : 0);
    }
}
