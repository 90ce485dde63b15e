package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.source.Text;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisUriTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // uri                                     | TLS   | user   | password | hosts                  | db |
                // primary
                "redis://127.0.0.1                         | false |        |          | 127.0.0.1:6379         | 0  |",
                "REDIS://Cache.example:7000/               | false |        |          | cache.example:7000     | 0  |",
                "rediss://cache.example/15                 | true  |        |          | cache.example:6379     | 15 |",
                "redis://[::1]/1                           | false |        |          | [::1]:6379             | 1  |",
                "redis://[::1]:7000                        | false |        |          | [::1]:7000             | 0  |",
                "redis://:s3cr3t@x                         | false |        | s3cr3t   | x:6379                 | 0  |",
                "redis://shop:s3:cr@3t@x                   | false | shop   | s3:cr@3t | x:6379                 | 0  |",
                "redis://sh%40p:a%2Fb+c%25@x               | false | sh@p   | a/b+c%   | x:6379                 | 0  |",
                "redis-sentinel://one,two:1/0#primary      | false |        |          | one:26379,two:1        | 0  | primary",
                "redis-sentinel://:pw@one#main             | false |        | pw       | one:26379              | 0  | main",
                "rediss-sentinel://one,[::1]:2/3#a-b       | true  |        |          | one:26379,[::1]:2      | 3  | a-b",
            })
    void reads(String uri, boolean secure, String user, String password, String hosts, int database, String primary) {
        RedisUri read = RedisUri.parse(Text.of(uri));

        assertThat(read.secure()).isEqualTo(secure);
        assertThat(read.user()).isEqualTo(user);
        Text secret = read.password();
        assertThat(secret == null ? null : secret.value()).isEqualTo(password);
        assertThat(read.hosts()).extracting(HostPort::toString).containsExactly(hosts.split(","));
        assertThat(read.database()).isEqualTo(database);
        assertThat(read.primary()).isEqualTo(primary);
        if (password != null) {
            assertThat(read + " " + secret + " " + read.shown()).doesNotContain(password);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                  | no scheme",
                "127.0.0.1:6379                      | no scheme",
                "shop:hunter2@x                      | no scheme",
                "http://x                            | none of redis",
                "redis+tls://x                       | none of redis",
                "redis:// x                          | space",
                "redis://                            | no host",
                "redis:///0                          | no host",
                "redis://:6379                       | no name",
                "redis://x:0                         | no name",
                "redis://x:99999                     | no name",
                "redis://::1                         | no name",
                "redis://x_/a                        | no database number",
                "redis://x/-1                        | no database number",
                "redis://x/0/1                       | no database number",
                "redis://x/123456                    | no database number",
                "redis://x?db=1                      | options",
                "redis://x/0#primary                 | names a primary",
                "redis://x#                          | names a primary",
                "redis://x,y                         | several hosts",
                "redis-sentinel://x                  | does not end",
                "redis-sentinel://x/0#               | does not end",
                "redis-sentinel://x,,y/0#p           | no host",
                "redis://hunter2@x                   | no ':' before",
                "redis://@x                          | no ':' before",
                "redis://shop:@x                     | empty password",
                "redis://shop:hunter2%@x             | begins no %XX",
                "redis://shop:hunter2%zz@x           | begins no %XX",
            })
    void refuses(String uri, String why) {
        assertThatThrownBy(() -> RedisUri.parse(Text.of(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter2");
    }
}
