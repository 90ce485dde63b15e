package io.larder.app;

import io.larder.config.FragmentsConfig;
import io.larder.config.source.Text;
import io.larder.route.FragmentPlan;
import org.jspecify.annotations.Nullable;

/** Says in the gateway's words what the configuration says of pages that are put together from parts. */
final class FragmentTranslation {
    private FragmentTranslation() {}

    /** How a route's pages are put together; null where they are not. */
    static @Nullable FragmentPlan plan(FragmentsConfig fragments) {
        return switch (fragments) {
            case FragmentsConfig.Off off -> null;
            case FragmentsConfig.On on -> plan(on);
        };
    }

    private static FragmentPlan plan(FragmentsConfig.On on) {
        FragmentsConfig.Limits limits = on.limits();
        Text fallback = on.fallback();
        return new FragmentPlan(
                language(on.parse()),
                on.force(),
                on.deadline(),
                fallback == null ? null : fallback.value(),
                new FragmentPlan.Limits(limits.allowHosts(), limits.maxDepth(), limits.maxIncludes()),
                new FragmentPlan.Visitor(on.visitor().cookies(), on.visitor().csrf() == FragmentsConfig.Csrf.DJANGO));
    }

    private static FragmentPlan.Language language(FragmentsConfig.@Nullable Language parse) {
        if (parse == null) {
            return FragmentPlan.Language.NONE;
        }
        return switch (parse) {
            case ESI -> FragmentPlan.Language.ESI;
            case SSI -> FragmentPlan.Language.SSI;
        };
    }
}
