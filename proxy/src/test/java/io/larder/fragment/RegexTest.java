package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            abc             # xabcx    # true
            abc             # abx      # false
            ^abc$           # abc      # true
            ^abc$           # xabc     # false
            ^abc$           # abcx     # false
            ^$              # ``       # true
            ``              # abc      # true
            a.c             # abc      # true
            a.c             # ac       # false
            ab*c            # ac       # true
            ab*c            # abbbc    # true
            ab+c            # ac       # false
            ab+c            # abbc     # true
            ab?c            # ac       # true
            ^ab?c$          # abbc     # false
            ab*?c           # abbc     # true
            ^(ab)+$         # ababab   # true
            ^(ab)+$         # ababa    # false
            ^(?:a|bc)*$     # abcabc   # true
            ^(?:a|bc)*$     # abca     # true
            ^(?:a|bc)*$     # abb      # false
            ^a|b$           # ax       # true
            ^a|b$           # xb       # true
            ^a|b$           # bx       # false
            a||b            # zzz      # true
            [abc]d          # cd       # true
            [^abc]d         # cd       # false
            [^abc]d         # xd       # true
            ^[a-c0-9_]+$    # a_7c     # true
            ^[a-c0-9_]+$    # a_7d     # false
            []a]            # ]        # true
            [a-]            # -        # true
            [-a]            # -        # true
            [a\\-z]         # b        # false
            [\\d.]+x        # 1.2x     # true
            ^\\d+$          # 123      # true
            ^\\D+$          # 123      # false
            ^\\w+$          # a_1      # true
            ^\\W$           # -        # true
            a\\.b           # a.b      # true
            a\\.b           # axb      # false
            \\.(gif|png)$   # /x.png   # true
            \\.(gif|png)$   # /x.pngx  # false
            (a*)*b          # aaab     # true
            (a|a?)+$        # aaa      # true
            ^(|a)+b$        # aab      # true
            """)
    void matches(String regex, String text, boolean expected) {
        assertThat(Regex.parse(regex).orElseThrow().matches(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "a)",
                "(a",
                "[a",
                "[",
                "[]",
                "a**",
                "a*+",
                "a??+",
                "*a",
                "+",
                "?",
                "a{2}",
                "{",
                "}",
                "\\",
                "\\1",
                "\\b",
                "\\x41",
                "(?=a)",
                "(?i)a",
                "(?<n>a)",
                "$name",
                "a$b",
                "[b-a]",
                "[\\w-z]",
                "[[:alpha:]]",
                "[\\D]"
            })
    void isNotRead(String regex) {
        assertThat(Regex.parse(regex)).isEmpty();
    }

    @Test
    void lengthAndDepthAreBounded() {
        assertThat(Regex.parse("a".repeat(Regex.LONGEST))).isPresent();
        assertThat(Regex.parse("a".repeat(Regex.LONGEST + 1))).isEmpty();
        assertThat(Regex.parse("(".repeat(16) + ")".repeat(16))).isPresent();
        assertThat(Regex.parse("(".repeat(17) + ")".repeat(17))).isEmpty();
    }

    /** What makes a backtracking matcher take longer than the universe takes a few looks for each character here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(a+)+$",
                "(a|a)*b",
                "(a*)*b",
                "(a|aa)+$",
                "^(([a-z])+.)+[A-Z]([a-z])+$",
                "(.*.*.*.*.*)*x",
                "((a?)*)*b",
                "a*a*a*a*a*a*a*a*a*a*b"
            })
    void stepsGrowWithTheTextAlone(String source) {
        Regex regex = Regex.parse(source).orElseThrow();
        String text = "a".repeat(20_000) + "!";
        RegexRun run = new RegexRun(regex.program());
        run.finds(text);
        assertThat(run.looks()).isLessThanOrEqualTo(2L * (regex.program().size() + 1) * (text.length() + 1));
    }

    /** What is read means what it means to everybody. */
    @Test
    void whatIsReadMeansWhatTheJdkTakesItFor() {
        String[] bits = {
            "a", "b", ".", "*", "+", "?", "(", "(?:", ")", "|", "[ab]", "[^a]", "^", "$", "\\d", "1", "\\.", "*?"
        };
        String[] characters = {"a", "b", "1", ".", "c"};
        Random random = new Random(9);
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            String source = mixture(random, bits, 8);
            String text = mixture(random, characters, 6);
            Optional<Regex> regex = Regex.parse(source);
            if (regex.isPresent()) {
                read++;
                assertThat(regex.get().matches(text))
                        .as("%s in %s", source, text)
                        .isEqualTo(Pattern.compile(source).matcher(text).find());
            }
        }
        assertThat(read).isGreaterThan(5_000);
    }

    private static String mixture(Random random, String[] bits, int most) {
        return random.ints(random.nextInt(most + 1), 0, bits.length)
                .mapToObj(i -> bits[i])
                .collect(Collectors.joining());
    }

    @Test
    void equalSourcesAreEqual() {
        assertThat(List.of(Regex.parse("a[b-d]*|e"))).isEqualTo(List.of(Regex.parse("a[b-d]*|e")));
    }
}
