package io.larder.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "{ password: \"pw\", x: 1 }                 | { password: \"**\", x: 1 }",
                "password-file: secrets/redis               | password-file: secrets/redis",
                "servers: [\"127.0.0.1:8000\", ':8001']     | servers: [\"127.0.0.1:8000\", ':8001']",
                "set: { Authorization: \"Basic a,b\", A: b }  | set: { Authorization: \"*********\", A: b }",
                "set: { X-Api-Key: 12, B: 'c' }             | set: { X-Api-Key: **, B: 'c' }",
                "set: { Authorization: \"${TOKEN}\" }        | set: { Authorization: \"${TOKEN}\" }",
                "'Set-Cookie': 'a=b; Secure'                | 'Set-Cookie': '***********'",
                "cookie: { sessionid: x* }                  | cookie: { sessionid: ** }",
                "headers: [Authorization], token-file: a    | headers: [Authorization], token-file: a",
                "private: { by: \"cookie:sessionid\", ttl: 1m } | private: { by: \"cookie:sessionid\", ttl: 1m }",
                "bind: ${HOST:-x}:80                        | bind: ${HOST:-x}:80",
            })
    void blotsOutInItsPlace(String line, String shown) {
        assertThat(Secrets.blotted(line)).isEqualTo(shown);
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
}
