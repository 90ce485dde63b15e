vcl 4.1;

# The built-in rules do the rest: no-store becomes hit-for-miss.
backend origin { .host = "127.0.0.1"; .port = "@ORIGIN@"; }

# Stored compressed. What asks to be put together is.
sub vcl_backend_response {
    if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
        unset beresp.http.Surrogate-Control;
        set beresp.do_esi = true;
        return (deliver);
    }
    if (beresp.http.Content-Type ~ "^text/html") {
        set beresp.do_gzip = true;
    }
}
