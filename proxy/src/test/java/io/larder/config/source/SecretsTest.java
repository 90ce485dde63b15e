package io.larder.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "redis://:pw@h/0                            | redis://:**@h/0",
                "uri: \"redis://me:p:w@x@h:1\", timeout: 0s | uri: \"redis://me:*****@h:1\", timeout: 0s",
                "[\"redis://:a@h\", \"redis://:b@i\"]       | [\"redis://:*@h\", \"redis://:*@i\"]",
                "redis-sentinel://:pw@h:1,i:2/0#p           | redis-sentinel://:**@h:1,i:2/0#p",
                "uri: me:pw@h:6379                          | uri: me:**@h:6379",
                "uri: redis://pw@h                          | uri: redis://**@h",
                "uri: redis://me:${PW}@h                    | uri: redis://me:${PW}@h",
                "uri: redis://me:${PW:-pw}@h                | uri: redis://me:*********@h",
                "password: pw # why                         | password: ** # why",
                "{ password: \"pw\", x: 1 }                 | { password: \"**\", x: * }",
                "password-file: secrets/redis               | password-file: secrets/redis",
                "servers: [\"127.0.0.1:8000\", ':8001']     | servers: [\"127.0.0.1:8000\", ':8001']",
                "set: { Authorization: \"Basic a,b\", A: b }  | set: { Authorization: \"***** ***\", A: * }",
                "set: { X-Api-Key: 12, B: 'c' }             | set: { X-Api-Key: **, B: '*' }",
                "set: { Authorization: \"${TOKEN}\" }        | set: { Authorization: \"${TOKEN}\" }",
                "'Set-Cookie': 'a=b; Secure'                | 'Set-Cookie': '**** ******'",
                "cookie: { sessionid: x* }                  | cookie: { sessionid: ** }",
                "headers: [Authorization], token-file: a    | headers: [Authorization], token-file: a",
                "private: { by: \"cookie:sessionid\", ttl: 1m } | private: { by: \"cookie:sessionid\", ttl: 1m }",
                "set: { Cookie: \"sid=MARK\", Host: x }       | set: { Cookie: \"********\", Host: * }",
                "Private-Token: MARK                         | Private-Token: ****",
                "- Api-Key: 'MA  RK' # why                   | - Api-Key: '**  **' # why",
                "{ X-Auth: MARK, X-Csrf: \"MARK\" }          | { X-Auth: ****, X-Csrf: \"****\" }",
                "match: { cookie: { sid: \"SECRET*\" } }     | match: { cookie: { sid: \"*******\" } }",
                "Authorization: Digest username=a, response=SECRET | Authorization: ****** **********, ***************",
                "Authorization: Basic abc}SECRET             | Authorization: ***** ***}******",
                "{ Token: 'it''s SECRET', a: 1 }             | { Token: '***** ******', a: * }",
                "{ Token: \"a\\\"SECRET\", a: 1 }             | { Token: \"*********\", a: * }",
                "Token: 'it's #SECRET' # why                 | Token: '**'* ******** * ***",
                "Token: \"SECRET # and more                   | Token: ******* * *** ****",
                "Token: SECRET: more                         | Token: ******* ****",
                "Private-Token:MARK                          | Private-Token:****",
                "set: { X: Bearer ${TOKEN}, Y: a }           | set: { X: ****** ${TOKEN}, Y: * }",
                "set-cookie: store, cookie: node             | set-cookie: store, cookie: node",
                "set-cookie: sid=MARK                        | set-cookie: ********",
                "key: { cookies: [sid] }, limits: { header: 8KiB } | key: { cookies: [sid] }, limits: { header: 8KiB }",
                "servers: [keycloak:8080, auth-x:80]         | servers: [keycloak:8080, auth-x:80]",
                "bind: ${HOST:-x}:80                        | bind: ${HOST:-x}:80",
            })
    void blotsOutInItsPlace(String line, String shown) {
        assertThat(Secrets.redacted(line)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h, redis://h",
        "redis://:pw@h, redis://:********@h",
        "redis://me:p@w@h/0, redis://me:********@h/0",
        "redis://pw@h, redis://********@h",
        "me:pw@h:1, me:********@h:1",
        "redis://me:${PW}@h, redis://me:${PW}@h",
        "redis://${ME:-me}:${PW}@h, redis://${ME:-me}:${PW}@h",
        "redis://me:${PW:-pw}@h, redis://me:********@h",
        "${URI:-redis://me:pw@h}, ${URI:-redis://me:********@h}",
        "${URI}, ${URI}",
    })
    void masks(String url, String shown) {
        assertThat(Secrets.shown(url)).isEqualTo(shown);
    }

    /** Lines may be as long as a file may be: nothing is looked at again and again, or by recursion. */
    @ParameterizedTest
    @ValueSource(strings = {"a:", "a: b, ", "cookie: b, ", "''", "\\\"", "@", "a b ", "{[", "key "})
    void takesLongLinesAsTheyCome(String part) {
        String line = part.repeat(200_000 / part.length());
        assertThat(Secrets.redacted(line)).hasSameSizeAs(line);
        assertThat(Secrets.redacted("Token: \"" + line)).hasSize(line.length() + 8);
        assertThat(Secrets.inMessage(line)).isEqualTo(line);
        assertThat(Secrets.inMessage("@ " + line + " @")).hasSize(line.length() + 4);
        assertThat(Secrets.inMessage(line + "@" + line)).hasSize(2 * line.length() + 1);
    }
}
