package io.larder.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format of a file of servers: one a line, {@code host:port [weight=N] [backup]}. What follows a {@code #} at the beginning
 * of a line or after a blank is a comment.
 */
sealed interface ServerLines {
    /** The most that a weight may be. */
    int MOST_WEIGHT = 1_000_000;

    /** A good file; names in it are not looked up. */
    record Servers(List<Found> all) implements ServerLines {
        public Servers {
            all = List.copyOf(all);
        }
    }

    /** A file that is not taken, and each reason as {@code file:line: what}. */
    record Broken(List<String> problems) implements ServerLines {
        public Broken {
            problems = List.copyOf(problems);
        }

        /** One line: the first problem, and how many more there are. */
        String summary() {
            return problems.get(0) + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)");
        }
    }

    /**
     * Reads all of it, so that all problems are named at once.
     *
     * @param file its name, for problems
     */
    static ServerLines parse(String file, String text) {
        List<Found> servers = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            List<String> words = words(line);
            if (!words.isEmpty()) {
                Line read = new Line();
                servers.addAll(read.server(words).stream().toList());
                for (String problem : read.problems) {
                    problems.add(file + ":" + number + ": " + problem);
                }
            }
        }
        if (problems.isEmpty() && servers.isEmpty()) {
            problems.add(file + ": there is no server in it");
        }
        return problems.isEmpty() ? new Servers(servers) : new Broken(problems);
    }

    private static List<String> words(String line) {
        String said = line.replaceFirst("(^|\\s)#.*", "").strip();
        return said.isEmpty() ? List.of() : List.of(said.split("\\s+"));
    }

    /** One line while it is read. */
    final class Line {
        private static final Pattern WEIGHT = Pattern.compile("weight=([0-9]{1,7})");

        private final List<String> problems = new ArrayList<>();
        private int weight = 1;
        private int priority;

        private Optional<Found> server(List<String> words) {
            Optional<HostAndPort> place = HostAndPort.parse(words.get(0));
            if (place.isEmpty()) {
                problems.add("'" + words.get(0) + "' is not host:port");
            }
            words.subList(1, words.size()).forEach(this::option);
            return place.filter(good -> problems.isEmpty())
                    .map(good -> new Found(bare(good.host()), good.address(), weight, priority, false));
        }

        private void option(String word) {
            Matcher number = WEIGHT.matcher(word);
            if (word.equals("backup")) {
                priority = 1;
            } else if (number.matches() && isWeight(Integer.parseInt(number.group(1)))) {
                weight = Integer.parseInt(number.group(1));
            } else if (word.startsWith("weight=")) {
                problems.add("'" + word + "': a weight is from 1 to " + MOST_WEIGHT);
            } else {
                problems.add("'" + word + "' is neither weight=N nor backup");
            }
        }

        private static boolean isWeight(int number) {
            return number >= 1 && number <= MOST_WEIGHT;
        }

        private static String bare(String host) {
            return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        }
    }
}
