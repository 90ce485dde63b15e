package io.larder.policy;

import io.larder.http.Glob;
import java.util.List;

/** The names under which common frameworks keep a visitor's session. */
final class SessionCookies {
    static final List<Glob> KNOWN = List.of(
            new Glob("sessionid"), // Django
            new Glob("session"), // Flask, Starlette
            new Glob("_session_id"), // Rails
            new Glob("*_session"), // Rails by application, Laravel, CodeIgniter, MediaWiki
            new Glob("PHPSESSID"),
            new Glob("JSESSIONID"),
            new Glob("ASP.NET_SessionId"),
            new Glob(".AspNetCore.*"),
            new Glob("connect.sid"), // Express
            new Glob("SESS*"), // Drupal
            new Glob("SSESS*"),
            new Glob("wordpress_logged_in_*"),
            new Glob("wordpress_sec_*"),
            new Glob("MoodleSession*"),
            new Glob("*next-auth.session-token*"));

    private SessionCookies() {}
}
