package io.larder.bench;

import io.larder.http.Request;
import io.larder.route.Action;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding the route of a request; the last one takes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteTableBenchmark {
    @Param({"1", "1000"})
    public int routes = 1;

    private final Request request = Samples.request("browser");
    private RouteTable table = new RouteTable(List.of());

    @Setup
    public void prepare() {
        List<Route> all = new ArrayList<>();
        for (int i = 1; i < routes; i++) {
            all.add(route("/section-" + i + "/**"));
        }
        all.add(route("/**"));
        table = new RouteTable(List.of(new Site("shop", List.of("shop.example"), null, Set.of(), all)));
    }

    private static Route route(String path) {
        return new Route(
                path, "bench.yaml:1", PathPattern.compile(path), Conditions.NONE, new Action.Proxy("app", null), null);
    }

    @Benchmark
    public RouteTable.@Nullable Match find() {
        return table.find("web", request);
    }
}
