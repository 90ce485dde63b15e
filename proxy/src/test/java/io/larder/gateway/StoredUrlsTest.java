package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.http.Target;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is purged when one of a site's hosts is named that nothing is stored under. */
class StoredUrlsTest {
    private final Site shop = site("shop", "www.shop.example", "www.shop.example", "Shop.example.", "*.old.example");
    private final StoredUrls urls = new StoredUrls(
            new RouteTable(List.of(
                    shop, site("blog", null, "blog.example", "*.blog.example"), site("rest", "rest.example:8080"))),
            List.of("web"));

    private static Site site(String name, @Nullable String canonical, String... hosts) {
        return new Site(
                name, List.of(hosts), canonical == null ? null : Authority.parse(canonical), Set.of(), List.of());
    }

    @ParameterizedTest(name = "{0} covers {1}: {2}")
    @CsvSource({
        // a host as it stands
        "shop.example/p/*, www.shop.example/p/1, true",
        "shop.example/p/*, www.shop.example/q/1, false",
        "shop.example/p/*, blog.example/p/1, false",
        "shop.example/p/*, rest.example:8080/p/1, false",
        "shop.example:8080/p/*, www.shop.example/p/1, true",
        "www.shop.example/p/*, www.shop.example/p/1, true",
        "m.old.example/p/*, www.shop.example/p/1, true",
        "blog.example/p/*, blog.example/p/1, true",
        "a.blog.example/p/*, blog.example/p/1, false",
        "nobody.example/p/*, rest.example:8080/p/1, true",
        "www.shop.example:8080/p/*, www.shop.example/p/1, true",
        // a pattern of hosts: all hosts of a site that match it stand for what is stored
        "shop.*/p/*, www.shop.example/p/1, true",
        "shop.*/p/*, www.shop.example/q/1, false",
        "*.old.example/p/*, www.shop.example/p/1, true",
        "m.*.example/p/*, www.shop.example/p/1, true",
        "shop.*:8080/p, www.shop.example/p, true",
        "*:8080/p, www.shop.example/p, true",
        "*:8080/p, blog.example/p, false",
        "*log.example/p, www.shop.example/p, false",
        "blog.*/p, www.shop.example/p, true", // as blog.old.example is one of its hosts
        "blog.*/p, blog.example/p, true",
        "*.blog.example/p, a.blog.example/p, true",
        "*.blog.example/p, blog.example/p, false",
        "nobody.*/p, rest.example:8080/p, true",
        // a star goes past the end of the host
        "shop*.png, www.shop.example/img/logo.png, true",
        "shop*.png, www.shop.example/img/logo.svg, false",
        "shop*.png, blog.example/shop.png, false",
        "shop*/logo.png, www.shop.example/img/logo.png, true",
        "*, www.shop.example/, true",
        "*/logo.png, www.shop.example/img/logo.png, true"
    })
    void patterns(String pattern, String stored, boolean covered) {
        assertThat(urls.matching(new Glob(pattern)))
                .anySatisfy(match -> assertThat(match.pattern()).isEqualTo(new Glob(pattern)))
                .satisfies(all -> assertThat(
                                all.stream().anyMatch(match -> match.pattern().matches(stored)))
                        .isEqualTo(covered));
    }

    @ParameterizedTest
    @CsvSource({
        "*, ''",
        "*/logo.png, ''",
        "www.shop.example/a, ''",
        "www.*/a, ''",
        "shop.example/a, www.shop.example/a",
        "shop.ex*e/a, www.shop.example/*e/a www.shop.example/a",
        "shop.*:*/a, www.shop.example/*/a www.shop.example/a"
    })
    void nothingIsHeldTwiceAgainstWhatIsStored(String pattern, String others) {
        StoredUrls ofShop = new StoredUrls(new RouteTable(List.of(shop)), List.of("web"));
        assertThat(ofShop.matching(new Glob(pattern)).stream()
                        .map(match -> match.pattern().pattern())
                        .filter(text -> !text.equals(pattern))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(others);
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example/p, www.shop.example/p",
        "https://m.old.example/p, www.shop.example/p",
        "http://shop.example:8080/p, www.shop.example/p",
        "http://nobody.example/p, rest.example:8080/p"
    })
    void urlsPrefixesAndHosts(String url, String stored) throws Exception {
        Target target = Target.parse("GET", url, "http", Authority.NONE);
        String host = stored.substring(0, stored.indexOf('/'));
        assertThat(urls.of(target)).anyMatch(purge -> (purge.authority() + purge.pathAndQuery()).equals(stored));
        assertThat(urls.under(target)).anyMatch(purge -> (purge.authority() + purge.pathPrefix()).equals(stored));
        assertThat(urls.at(target.authority())).anyMatch(purge -> purge.host().equals(host));
    }
}
