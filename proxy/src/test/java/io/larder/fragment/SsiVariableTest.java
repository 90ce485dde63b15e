package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsiVariableTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            args,            QUERY_STRING,
            QUERY_STRING,    QUERY_STRING,
            arg_x,           QUERY_STRING,   x
            ARG_Sort_by,     QUERY_STRING,   Sort_by
            arg_,            ARG_,
            cookie_Id,       HTTP_COOKIE,    Id
            http_cookie,     HTTP_COOKIE,
            http_user_agent, HTTP_USER_AGENT,
            host,            HTTP_HOST,
            HTTP_HOST,       HTTP_HOST,
            request_uri,     REQUEST_URI,
            uri,             DOCUMENT_URI,
            document_uri,    DOCUMENT_URI,
            scheme,          REQUEST_SCHEME,
            remote_addr,     REMOTE_ADDR,
            date_local,      DATE_LOCAL,     %Y
            DATE_GMT,        DATE_GMT,       %Y
            mine,            MINE,
            """)
    void isCalled(String inPage, String name, @Nullable String key) {
        assertThat(SsiVariable.of(inPage, "%Y")).contains(new Variable(name, key, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "a-b", "a b", "$a", "ä"})
    void isNoName(String inPage) {
        assertThat(SsiVariable.of(inPage, "%Y")).isEmpty();
    }
}
