vcl 4.1;

# The built-in rules do the rest: no-store becomes hit-for-miss.
backend origin { .host = "127.0.0.1"; .port = "@ORIGIN@"; }
