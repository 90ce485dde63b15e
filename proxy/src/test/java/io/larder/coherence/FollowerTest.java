package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Follower.Answer;
import io.larder.coherence.Follower.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private final List<Object> heard = new ArrayList<>();
    private final Follower follower = new Follower(new Follower.Node() {
        @Override
        public void joins(LogState log) {
            heard.add(log);
        }

        @Override
        public void learns(LogEntry entry) {
            heard.add(entry);
        }
    });

    private static LogEntry entry(long position) {
        return new LogEntry(position, "other", position, Set.of(new Purge.All()), Purge.Mode.HARD);
    }

    private static Answer entries(LogState log, Long... positions) {
        return new Answer.Entries(
                log, Arrays.stream(positions).map(FollowerTest::entry).toList());
    }

    private void join(LogState log) {
        assertThat(follower.next()).isInstanceOf(Question.Join.class);
        follower.joined(log);
    }

    private void expectSync(long epoch, long position) {
        assertThat(follower.next()).isEqualTo(new Question.Sync(new AsOf(epoch, position)));
    }

    @Test
    void aNodeReadsFromTheFloorAndIsCurrentOnceItKnowsAll() {
        LogState log = new LogState(7, 10, 12);
        join(log);
        expectSync(7, 10);
        assertThat(follower.currentAsOf()).isNull();
        assertThat(follower.synced(entries(log, 11L), 100)).as("there is more").isTrue();
        assertThat(follower.currentAsOf()).as("it does not know all").isNull();
        expectSync(7, 11);
        assertThat(follower.synced(entries(log, 12L), 200))
                .as("to confirm what is in force now")
                .isTrue();
        assertThat(follower.currentAsOf()).isEqualTo(200);
        expectSync(7, 12);
        assertThat(follower.synced(entries(log), 300)).as("nothing new").isFalse();
        assertThat(follower.currentAsOf()).isEqualTo(300);
        assertThat(heard).containsExactly(log, entry(11), entry(12));
    }

    @Test
    void anAnswerThatComesLateMakesNobodyOlder() {
        join(new LogState(7, 0, 0));
        follower.synced(entries(new LogState(7, 0, 0)), 300);
        follower.synced(entries(new LogState(7, 0, 0)), 200);
        assertThat(follower.currentAsOf()).isEqualTo(300);
    }

    @Test
    void theSameLogIsFollowedOnWhereItWasLeft() {
        join(new LogState(7, 0, 5));
        follower.synced(entries(new LogState(7, 0, 5), 5L), 100);
        follower.synced(new Answer.Strange(), 200);
        join(new LogState(7, 0, 6));
        expectSync(7, 5);
        assertThat(heard).as("nothing can be missing").hasSize(2);
    }

    @Test
    void anotherLogIsJoinedAnew() {
        join(new LogState(7, 0, 5));
        follower.synced(entries(new LogState(7, 0, 5), 5L), 100);
        follower.synced(new Answer.Strange(), 200);
        LogState other = new LogState(8, 3, 9);
        join(other);
        expectSync(8, 3);
        assertThat(heard).endsWith(other);
        assertThat(follower.currentAsOf()).as("of the log before").isEqualTo(100);
    }

    @Test
    void aLogThatHasForgottenMoreThanWasReadIsJoinedAnew() {
        join(new LogState(7, 0, 5));
        LogState trimmed = new LogState(7, 4, 6);
        assertThat(follower.synced(entries(trimmed, 5L, 6L), 100)).isTrue();
        assertThat(follower.currentAsOf()).isNull();
        join(trimmed);
        expectSync(7, 4);
        assertThat(heard).endsWith(trimmed);
    }

    @Test
    void aLogThatKnowsLessThanItsReaderIsNotFollowed() {
        join(new LogState(7, 0, 5));
        follower.synced(entries(new LogState(7, 0, 5), 5L), 100);
        LogState cut = new LogState(7, 0, 4);
        assertThat(follower.synced(entries(cut), 200)).isTrue();
        assertThat(follower.currentAsOf()).isEqualTo(100);
        assertThat(follower.next()).isEqualTo(new Question.Join(0));
        follower.joined(cut);
        assertThat(follower.next()).as("another one is wanted").isEqualTo(new Question.Join(7));
        LogState fresh = new LogState(8, 4, 4);
        follower.joined(fresh);
        expectSync(8, 4);
        assertThat(heard).endsWith(fresh);
    }
}
