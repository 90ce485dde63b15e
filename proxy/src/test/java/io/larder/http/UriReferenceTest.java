package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriReferenceTest {

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            g                        | http://a:81/b/c/g
            ./g                      | http://a:81/b/c/g
            g/                       | http://a:81/b/c/g/
            /g                       | http://a:81/g
            //g                      | http://g/
            //g:8080/x               | http://g:8080/x
            ?y                       | http://a:81/b/c/d;p?y
            g?y                      | http://a:81/b/c/g?y
            #s                       | http://a:81/b/c/d;p?q
            g#s                      | http://a:81/b/c/g
            ;x                       | http://a:81/b/c/;x
            .                        | http://a:81/b/c/
            ..                       | http://a:81/b/
            ../g                     | http://a:81/b/g
            ../..                    | http://a:81/
            ../../../g               | http://a:81/g
            /./g                     | http://a:81/g
            /../g                    | http://a:81/g
            g.                       | http://a:81/b/c/g.
            ..g                      | http://a:81/b/c/..g
            ./../g                   | http://a:81/b/g
            g/./h                    | http://a:81/b/c/g/h
            g/../h                   | http://a:81/b/c/h
            g?y/../x                 | http://a:81/b/c/g?y/../x
            https://B.example/x%2Fy  | https://b.example/x%2Fy
            HTTP://a:81              | http://a:81/
            http://a:81?x            | http://a:81/?x
            """)
    void resolves(String reference, String uri) { // RFC 3986 §5.4, the rows that stay within http
        Target base = Target.of("http", "a:81", "/b/c/d;p?q");
        Target resolved = UriReference.resolve(base, reference);
        assertThat(resolved).extracting(Target::uri).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:a@b",
                "http:g",
                "javascript:x",
                "http://",
                "//",
                "http://u@h/",
                "http://h:99999/",
                "ftp://h/"
            })
    void whatIsNoHttpUriIsNothing(String reference) {
        assertThat(UriReference.resolve(Target.of("http", "a", "/"), reference)).isNull();
    }
}
