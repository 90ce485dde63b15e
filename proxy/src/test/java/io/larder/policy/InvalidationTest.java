package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Request;
import io.larder.http.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidationTest {

    @ParameterizedTest(name = "{0} {1} {2} -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            POST     ; 200 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4
            PUT      ; 204 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4
            DELETE   ; 200 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4
            PATCH    ; 200 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4
            M-SEARCH ; 200 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4: not known to be safe
            POST     ; 303 ; Location: /c                                        ; /a/b?q, /c   ; RFC 9111 4.4
            POST     ; 399 ; X: y                                                ; /a/b?q       ; RFC 9111 4.4
            POST     ; 400 ; Location: /c                                        ; -            ; RFC 9111 4.4: an error
            POST     ; 500 ; X: y                                                ; -            ; RFC 9111 4.4
            GET      ; 200 ; Location: /c                                        ; -            ; RFC 9111 4.4: safe
            HEAD     ; 200 ; X: y                                                ; -            ; RFC 9111 4.4
            OPTIONS  ; 200 ; X: y                                                ; -            ; RFC 9111 4.4
            TRACE    ; 200 ; X: y                                                ; -            ; RFC 9111 4.4
            POST     ; 201 ; Location: c | Content-Location: ../d?e              ; /a/b?q, /a/c, /d?e ; RFC 3986 5.2
            POST     ; 201 ; Location: http://SHOP.example:80/c                  ; /a/b?q, /c   ; RFC 9110 4.2.3
            POST     ; 201 ; Location: //shop.example/c                          ; /a/b?q, /c   ; RFC 3986 5.2
            POST     ; 201 ; Location: http://other.example/c                    ; /a/b?q       ; RFC 9111 4.4: another origin
            POST     ; 201 ; Location: https://shop.example/c                    ; /a/b?q       ; RFC 9111 4.4
            POST     ; 201 ; Location: http://shop.example:81/c                  ; /a/b?q       ; RFC 9111 4.4
            POST     ; 201 ; Location: mailto:x                                  ; /a/b?q       ; RFC 3986 3
            POST     ; 201 ; Location: b?q | Content-Location: /c#x              ; /a/b?q, /c   ; each once
            """)
    void targets(String method, int status, String lines, String targets, String section) {
        Request request = Given.get().withMethod(method).withTarget(Target.of("http", "shop.example", "/a/b?q"));
        List<String> expected = targets.equals("-")
                ? List.of()
                : Stream.of(targets.split(",")).map(String::trim).toList();
        assertThat(Invalidation.targets(request, Given.response(status, lines)))
                .as(section)
                .extracting(Target::pathAndQuery)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1} {2} -> {3}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            POST ; 200 ; Cache-Group-Invalidation: "a", "b" ; a, b ; RFC 9875 3
            POST ; 303 ; Cache-Group-Invalidation: "a"      ; a    ; RFC 9875 3
            POST ; 404 ; Cache-Group-Invalidation: "a"      ; -    ; RFC 9111 4.4: an error
            GET  ; 200 ; Cache-Group-Invalidation: "a"      ; -    ; RFC 9875 3: safe
            POST ; 200 ; Cache-Group-Invalidation: a        ; -    ; RFC 9651 4.2
            POST ; 200 ; Cache-Groups: "a"                  ; -    ; RFC 9875 2: a member, not a change
            """)
    void groups(String method, int status, String lines, String groups, String section) {
        Request request = Given.get().withMethod(method);
        List<String> found = Invalidation.groups(request, Given.response(status, lines));
        assertThat(found.isEmpty() ? "-" : String.join(", ", found)).as(section).isEqualTo(groups);
    }
}
