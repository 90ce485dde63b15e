package io.larder.fragment;

import java.util.List;

/** One search of a text: each step of the program is looked at no more than twice for each character. */
final class RegexRun {
    private final List<Regex.Step> program;
    private final int[] seen; // where in the text a step was reached last, counted from 1
    private final int[] pending;
    private int[] reached; // steps that wait for a character
    private int[] following;
    private int reachedCount;
    private int followingCount;
    private boolean matched;
    private long looks;

    RegexRun(List<Regex.Step> program) {
        int size = program.size() + 1;
        this.program = program;
        this.seen = new int[size];
        this.pending = new int[size];
        this.reached = new int[size];
        this.following = new int[size];
    }

    boolean finds(String text) {
        for (int at = 0; at <= text.length(); at++) {
            reach(0, at, text.length());
            advance();
            if (matched || at == text.length()) {
                return matched;
            }
            take(text.charAt(at), at + 1, text.length());
        }
        return matched;
    }

    /** How many steps were looked at. */
    long looks() {
        return looks;
    }

    private void advance() {
        int[] spent = reached;
        reached = following;
        reachedCount = followingCount;
        following = spent;
        followingCount = 0;
    }

    private void take(char c, int next, int length) {
        for (int i = 0; i < reachedCount; i++) {
            looks++;
            int step = reached[i];
            if (program.get(step) instanceof Regex.Step.Take(Regex.Chars chars) && chars.contains(c)) {
                reach(step + 1, next, length);
            }
        }
    }

    /** Follows everything that needs no character; each step once at each place of the text. */
    private void reach(int first, int at, int length) {
        int count = push(first, 0, at);
        while (count > 0) {
            looks++;
            int step = pending[--count];
            if (step == program.size()) {
                matched = true;
                return;
            }
            switch (program.get(step)) {
                case Regex.Step.Take take -> following[followingCount++] = step;
                case Regex.Step.Jump(int offset) -> count = push(step + offset, count, at);
                case Regex.Step.Fork(int offset) -> count = push(step + 1, push(step + offset, count, at), at);
                case Regex.Step.Start start -> count = at == 0 ? push(step + 1, count, at) : count;
                case Regex.Step.End end -> count = at == length ? push(step + 1, count, at) : count;
            }
        }
    }

    private int push(int step, int count, int at) {
        if (seen[step] == at + 1) {
            return count;
        }
        seen[step] = at + 1;
        pending[count] = step;
        return count + 1;
    }
}
