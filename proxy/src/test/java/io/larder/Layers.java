package io.larder;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.larder.exchange.Shared;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The rules of the house as functions from compiled classes to violations, one line each and sorted. The tables they
 * are held against stand in {@link LayersTest}.
 *
 * @param root the package whose direct children are the rooms; a class outside it belongs to a library
 * @param house the classes to judge
 */
record Layers(String root, JavaClasses house) {

    /**
     * What some rooms only may use.
     *
     * @param prefix how the name of a class, or the signature of a member, begins
     * @param rooms who may use it
     */
    record Reserved(String prefix, Set<String> rooms) {
        boolean covers(String name) {
            return name.startsWith(prefix);
        }
    }

    /**
     * What some classes only may use.
     *
     * @param prefix how the signature of a member begins
     * @param users by their names below the root
     */
    record Kept(String prefix, Set<String> users) {}

    /** A class imports from lower floors only: {@code floors} runs from the bottom up, a row is one floor. */
    List<String> againstFloors(List<Set<String>> floors) {
        return violations(type -> {
            int floor = floorOf(type, floors);
            return floor < 0
                    ? Stream.of("stands in no room of the house: " + room(type))
                    : dependencies(type, this::isOurs)
                            .filter(used -> !room(used).equals(room(type)) && floorOf(used, floors) >= floor)
                            .map(used -> "reaches up or sideways to " + used.getName());
        });
    }

    /** No two packages know each other, be they rooms or parts of one. */
    List<String> cycles() {
        return SlicesRuleDefinition.slices()
                .matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .evaluate(house)
                .getFailureReport()
                .getDetails();
    }

    /** Each outside library is known to the rooms of its rows; one without a row is known to nobody. */
    List<String> acrossBorders(List<Reserved> libraries) {
        return violations(type -> dependencies(type, used -> !isOurs(used))
                .filter(used -> libraries.stream()
                        .noneMatch(
                                row -> row.covers(used.getName()) && row.rooms().contains(room(type))))
                .map(used -> "must not know " + used.getName()));
    }

    /** Reserved methods and constructors are called, or referred to, from their rooms only. */
    List<String> reservedCalls(List<Reserved> members) {
        return violations(type -> type.getAccessesFromSelf().stream()
                .map(access -> access.getTarget().getFullName())
                .filter(member -> members.stream()
                        .anyMatch(row -> row.covers(member) && !row.rooms().contains(room(type))))
                .map(member -> "must not call " + member));
    }

    /** Members that are kept for some classes are called, read, or referred to by those only, and by their own class. */
    List<String> keptMembers(List<Kept> members) {
        return violations(type -> type.getAccessesFromSelf().stream()
                .filter(access -> !access.getTargetOwner().equals(type))
                .map(access -> access.getTarget().getFullName())
                .filter(member -> members.stream()
                        .anyMatch(row -> member.startsWith(row.prefix) && !row.users.contains(belowRoot(type))))
                .map(member -> "must not use " + member));
    }

    private String belowRoot(JavaClass type) {
        return type.getName().substring(root.length() + 1).replaceFirst("\\$.*", "");
    }

    /** Locks, atomics and volatile stand in classes that carry {@link Shared}, or are nested in one that does. */
    List<String> unsharedConcurrency(List<String> primitives) {
        return violations(type -> isShared(type)
                ? Stream.empty()
                : Stream.of(
                                type.getFields().stream()
                                        .filter(field -> field.getModifiers().contains(JavaModifier.VOLATILE))
                                        .map(field -> "has the volatile field " + field.getName()),
                                type.getMethods().stream()
                                        .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                                        .map(method -> "has the synchronized method " + method.getName()),
                                dependencies(type, used -> startsWithAny(used.getName(), primitives))
                                        .map(used -> "uses " + used.getName()))
                        .flatMap(Function.identity())
                        .map(found -> found + " and is not @Shared"));
    }

    /** No static field can change, nor what it holds. */
    List<String> staticState() {
        return violations(type -> type.getFields().stream()
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC) && isMutable(field))
                .map(field -> "has static mutable state: " + field.getName()));
    }

    /** Every package says that nothing in it is null unless marked so. */
    List<String> packagesNotNullMarked() {
        Set<String> marked = house.stream()
                .filter(type -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        return house.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !marked.contains(name))
                .distinct()
                .sorted()
                .toList();
    }

    private List<String> violations(Function<JavaClass, Stream<String>> rule) {
        return house.stream()
                .flatMap(type -> rule.apply(type).map(found -> type.getName() + " " + found))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<JavaClass> dependencies(JavaClass type, Predicate<JavaClass> wanted) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(used -> !used.isPrimitive())
                .filter(wanted);
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }

    private String room(JavaClass type) {
        String below = type.getPackageName().substring(root.length());
        return below.isEmpty() ? "" : below.substring(1).split("\\.", 2)[0];
    }

    private int floorOf(JavaClass type, List<Set<String>> floors) {
        return IntStream.range(0, floors.size())
                .filter(floor -> floors.get(floor).contains(room(type)))
                .findFirst()
                .orElse(-1);
    }

    private static boolean isShared(JavaClass type) {
        return Stream.iterate(
                        Optional.of(type), Optional::isPresent, inner -> inner.flatMap(JavaClass::getEnclosingClass))
                .flatMap(Optional::stream)
                .anyMatch(around -> around.isAnnotatedWith(Shared.class));
    }

    private static boolean isMutable(JavaField field) {
        JavaClass type = field.getRawType();
        return !field.getModifiers().contains(JavaModifier.FINAL)
                || (type.getPackageName().equals("java.util.concurrent.atomic")
                        && !type.getName().endsWith("FieldUpdater"))
                || ((type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)) && holdsMutable(field));
    }

    /** The declared type of a constant is mostly an interface: only the object itself tells. */
    private static boolean holdsMutable(JavaField constant) {
        Field field = constant.reflect();
        field.setAccessible(true);
        try {
            return !startsWithAny(
                    String.valueOf(field.get(null).getClass().getName()),
                    List.of(
                            "java.util.ImmutableCollections",
                            "java.util.Collections$Unmodifiable",
                            "java.util.Collections$Empty",
                            "java.util.Collections$Singleton"));
        } catch (IllegalAccessException e) {
            throw new AssertionError(constant.getFullName(), e);
        }
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}
