package io.larder.upstream.discovery;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of the hosts behind a name: the last good answer to each question. A value.
 *
 * <p>An answer that fails leaves what it would have replaced. One family without addresses is no failure as long as the other
 * has some; a host without any is one, since names are taken out of DNS by mistake more often than on purpose.
 */
record DnsView(Map<Question, List<InetAddress>> known) {
    static final DnsView NOTHING = new DnsView(Map.of());

    DnsView {
        known = Map.copyOf(known);
    }

    /**
     * What a round of questions has shown.
     *
     * @param view for the next round
     * @param servers at all addresses that are known
     * @param trouble what could not be learned, if anything
     * @param lifetime how long all of it may be believed
     */
    record Seen(DnsView view, List<Found> servers, Optional<String> trouble, Duration lifetime) {}

    /**
     * What the answers make of this.
     *
     * @param services where servers are
     * @param lifetime how long that may be believed
     * @param answers for each of their targets in each family
     */
    Seen after(List<Service> services, Duration lifetime, Map<Question, Answer<InetAddress>> answers) {
        Map<Question, List<InetAddress>> now = new HashMap<>();
        answers.forEach((question, answer) -> now.put(question, addresses(question, answer, answers)));
        List<Found> servers = new ArrayList<>();
        for (Service service : services) {
            for (Family family : Family.values()) {
                now.getOrDefault(new Question(service.target(), family), List.of())
                        .forEach(address -> servers.add(service.at(address)));
            }
        }
        return new Seen(new DnsView(now), servers, trouble(answers), least(lifetime, answers));
    }

    private List<InetAddress> addresses(
            Question question, Answer<InetAddress> answer, Map<Question, Answer<InetAddress>> answers) {
        return switch (answer) {
            case Answer.Records<InetAddress> records -> records.all();
            case Answer.Failed<InetAddress> failed -> before(question);
            case Answer.Nothing<InetAddress> nothing ->
                hasRecords(question.name(), answers) ? List.of() : before(question);
        };
    }

    private List<InetAddress> before(Question question) {
        return known.getOrDefault(question, List.of());
    }

    private static boolean hasRecords(String name, Map<Question, Answer<InetAddress>> answers) {
        return answers.entrySet().stream()
                .anyMatch(entry -> entry.getKey().name().equals(name) && entry.getValue() instanceof Answer.Records);
    }

    /** One line for all hosts with trouble: the first of them by name, and how many there are besides. */
    private Optional<String> trouble(Map<Question, Answer<InetAddress>> answers) {
        Set<String> names = answers.keySet().stream().map(Question::name).collect(Collectors.toSet());
        List<String> all = names.stream()
                .sorted()
                .flatMap(name -> trouble(name, answers).stream())
                .toList();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.size() == 1 ? all.get(0) : all.get(0) + " (and " + (all.size() - 1) + " more)");
    }

    /**
     * The reason why a host is not known as it should be. A family that has never had an address may fail in silence: some
     * DNS servers cannot answer for IPv6 at all.
     */
    private Optional<String> trouble(String name, Map<Question, Answer<InetAddress>> answers) {
        boolean some = hasRecords(name, answers);
        Map<Family, String> reasons = new LinkedHashMap<>();
        for (Family family : Family.values()) {
            Question question = new Question(name, family);
            switch (answers.get(question)) {
                case null -> {}
                case Answer.Records<InetAddress> records -> {}
                case Answer.Nothing<InetAddress>(String why) -> {
                    if (!some) {
                        reasons.putIfAbsent(family, why);
                    }
                }
                case Answer.Failed<InetAddress>(String why) -> {
                    if (!some || !before(question).isEmpty()) {
                        reasons.putIfAbsent(family, why);
                    }
                }
            }
        }
        return reasons.values().stream().findFirst().map(why -> name + ": " + why);
    }

    private static Duration least(Duration lifetime, Map<Question, Answer<InetAddress>> answers) {
        Duration least = lifetime;
        for (Answer<InetAddress> answer : answers.values()) {
            if (answer instanceof Answer.Records<InetAddress> records
                    && records.lifetime().compareTo(least) < 0) {
                least = records.lifetime();
            }
        }
        return least;
    }
}
