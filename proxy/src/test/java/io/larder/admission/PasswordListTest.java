package io.larder.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordListTest {
    private static final String SALT = "MDEyMzQ1Njc4OWFiY2RlZg";
    private static final String HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /** Made by another implementation (Python's hashlib). */
    @ParameterizedTest
    @CsvSource({
        "ann, correct horse, true",
        "ann, Correct horse, false",
        "ann, '', false",
        "ann, 'correct horse ', false",
        "böb, pass:wörd, true",
        "bob, pass:wörd, false",
        "nobody, correct horse, false",
        "'', correct horse, false",
    })
    void knowsWhoseAPasswordIs(String name, String password, boolean known) throws Exception {
        PasswordList list = PasswordList.of(Files.readString(Path.of("src/test/resources/config/good/shop.users")));
        assertThat(list.has(name, password)).isEqualTo(known);
    }

    @Test
    void whatIsMadeIsReadAgain() {
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        PasswordHash made = PasswordHash.of("secret", salt, 1000);
        PasswordList list = PasswordList.of("# two\nann:" + made + "\n\n  bob:" + made + "  \n");
        assertThat(list.has("ann", "secret")).isTrue();
        assertThat(list.has("bob", "secret")).isTrue();
        assertThat(list.has("bob", "secret2")).isFalse();
    }

    @Test
    void aStrangerIsCheckedAsLongAsTheDearest() {
        String line = "$" + SALT + "$" + HASH + "\n";
        PasswordList list = PasswordList.of("a:$pbkdf2-sha256$i=1000" + line + "b:$pbkdf2-sha256$i=5000" + line);
        assertThat(list.stranger().iterations()).isEqualTo(5000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                       | no name
            # nobody                                 | no name
            ann                                      | line 1
            ann:secret                               | line 1
            ann:$2y$10$abcdefghijklmnopqrstuv        | line 1
            ann:$apr1$abc$def                        | line 1
            :$pbkdf2-sha256$i=1000$SALT$HASH         | line 1
            ann:$pbkdf2-sha256$i=999$SALT$HASH       | line 1
            ann:$pbkdf2-sha256$i=10000001$SALT$HASH  | line 1
            ann:$pbkdf2-sha256$i=1000$c2FsdA$HASH    | line 1
            ann:$pbkdf2-sha256$i=1000$SALT$HASHx     | line 1
            ann:$pbkdf2-sha512$i=1000$SALT$HASH      | line 1
            ann:$pbkdf2-sha256$i=1000$SALT$HASH;ann:$pbkdf2-sha256$i=1000$SALT$HASH | line 2 twice
            ann:$pbkdf2-sha256$i=1000$SALT$HASH      |
            """)
    void saysWhatIsWrong(String text, String fault) {
        byte[] content = text.replace("SALT", SALT)
                .replace("HASH", HASH)
                .replace(';', '\n')
                .getBytes(StandardCharsets.UTF_8);
        if (fault == null) {
            assertThat(PasswordList.fault(content)).isNull();
        } else {
            assertThat(PasswordList.fault(content))
                    .contains(fault.split(" ", 2)[0])
                    .doesNotContain("secret");
        }
    }
}
