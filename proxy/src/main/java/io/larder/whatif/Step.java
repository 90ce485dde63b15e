package io.larder.whatif;

import io.larder.policy.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question on the way to a verdict, and its answer.
 *
 * @param topic what it is about, in a word
 * @param asked the question
 * @param answer one line
 * @param reason the code of the policy's reason; null where none is given
 * @param source the section or the configuration key that the reason rests on; null where there is no reason
 * @param place where what decided is written, {@code file:line:column}; null where nobody wrote it
 * @param notes what else is to be known
 */
public record Step(
        String topic,
        String asked,
        String answer,
        @Nullable String reason,
        @Nullable String source,
        @Nullable String place,
        List<Note> notes) {
    public Step {
        notes = List.copyOf(notes);
    }

    /** A detail. */
    public record Note(String name, String text) {}

    static Step of(Topic topic, String answer) {
        return new Step(topic.word(), topic.asked(), answer, null, null, null, List.of());
    }

    Step because(Reason why) {
        return new Step(topic, asked, answer, why.code(), why.source(), place, notes);
    }

    /** @param where null leaves the place as it is */
    Step at(@Nullable String where) {
        return where == null ? this : new Step(topic, asked, answer, reason, source, where, notes);
    }

    Step note(String name, String text) {
        List<Note> more = new ArrayList<>(notes);
        more.add(new Note(name, text));
        return new Step(topic, asked, answer, reason, source, place, more);
    }

    /** Nothing is said of what is empty. */
    Step note(String name, List<String> texts) {
        return texts.isEmpty() ? this : note(name, String.join(", ", texts));
    }
}
