package io.larder.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.larder.policy.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays all scenarios. One file, or one scenario, alone: {@code -Dscenarios=freshness} or a part of its name. */
class ScenariosTest {
    private static final Path FOLDER = Path.of("src/test/resources/scenarios");

    /** What happens between two steps of a scenario, or needs more than it should send. */
    private static final Set<Reason> ELSEWHERE =
            EnumSet.of(Reason.IN_DOUBT, Reason.PURGED, Reason.TOO_BUSY, Reason.NOT_FINAL, Reason.INCOMPLETE);

    private static final Map<Map<String, Object>, Stage> STAGES = new HashMap<>();

    @TempDir
    static Path directory;

    private final Map<Map<String, Object>, List<Scenario>> bySetting = new HashMap<>();

    @TestFactory
    Stream<DynamicNode> scenarios() throws IOException {
        List<Scenario> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                all.addAll(ScenarioFile.read(file));
            }
        }
        assertThat(all).hasSizeGreaterThan(150);
        assertThat(all.stream().map(Scenario::place)).doesNotHaveDuplicates();
        Map<Scenario, BadScenario> bad = new HashMap<>();
        for (Scenario scenario : all) {
            try {
                Stage.check(scenario, directory);
                bySetting
                        .computeIfAbsent(scenario.setting().gateway(), s -> new ArrayList<>())
                        .add(scenario);
            } catch (BadScenario e) {
                bad.put(scenario, e);
            }
        }
        Stream<DynamicNode> files =
                all.stream().map(Scenario::file).distinct().map(file -> dynamicContainer(file, tests(file, all, bad)));
        boolean whole = System.getProperty("scenarios", "").isEmpty();
        return whole
                ? Stream.concat(files, Stream.of(dynamicTest("every reason is reached", this::everyReasonIsReached)))
                : files;
    }

    /** After all others: what the gateways counted, and what they told their clients. */
    private void everyReasonIsReached() throws IOException {
        Set<String> reached = new TreeSet<>();
        for (Stage stage : STAGES.values()) {
            reached.addAll(stage.reasons());
        }
        List<Reason> missing = Arrays.stream(Reason.values())
                .filter(reason -> !ELSEWHERE.contains(reason) && !reached.contains(reason.code()))
                .toList();
        assertThat(missing)
                .as("reasons that no scenario reaches (what none of them can is for gateway.ReasonsReachedTest)")
                .isEmpty();
    }

    private Stream<DynamicTest> tests(String file, List<Scenario> all, Map<Scenario, BadScenario> bad) {
        return all.stream()
                .filter(scenario -> scenario.file().equals(file) && isWanted(scenario))
                .map(scenario -> dynamicTest(scenario.title(), () -> {
                    BadScenario problem = bad.get(scenario);
                    if (problem != null) {
                        throw problem;
                    }
                    play(scenario);
                }));
    }

    private static boolean isWanted(Scenario scenario) {
        return scenario.place().contains(System.getProperty("scenarios", ""));
    }

    private void play(Scenario scenario) throws IOException, InterruptedException {
        Map<String, Object> setting = scenario.setting().gateway();
        Stage stage = STAGES.get(setting);
        if (stage == null) {
            stage = new Stage(bySetting.getOrDefault(setting, List.of()), directory);
            STAGES.put(setting, stage);
        }
        try (Performance performance = new Performance(scenario, stage)) {
            performance.play();
        }
    }

    @AfterAll
    static void close() throws IOException {
        for (Stage stage : STAGES.values()) {
            stage.close();
        }
        STAGES.clear();
    }
}
