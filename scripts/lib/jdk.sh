# Finds the JDK for the other scripts; sourced, not run. POSIX sh apart from `local`.

LARDER_MIN_JDK=21

# Prints where a JDK may live, one directory a line: the same places where the Maven build looks.
jdk_places() {
  local on_path
  on_path=$(command -v java) && on_path=$(readlink -f "$on_path") && printf '%s\n' "${on_path%/bin/java}"
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$LARDER_MIN_JDK+" 2>/dev/null
  fi
  printf '%s\n' /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* /usr/local/openjdk-* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*
}

# Prints the version of the JDK in $1 as its release file states it, such as 25.0.3; fails if there is none.
jdk_version() {
  local line
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#*\"}
        printf '%s\n' "${line%%\"*}"
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Succeeds if the JDK in $1 is a $2 or newer.
jdk_is_at_least() {
  local version
  version=$(jdk_version "$1") || return 1
  version=${version%%[!0-9]*}
  [ "${version:-0}" -ge "$2" ]
}

# Succeeds if the JDK in $1 is new enough and has the program $2 (java or javac).
jdk_fits() {
  [ -x "$1/bin/$2" ] && jdk_is_at_least "$1" "$LARDER_MIN_JDK"
}

# Prints the home of the JDK to use for the program $1 (java or javac): JAVA_HOME where that is new enough, as the
# user's own choice, else the newest one installed. Says what is missing, and fails, where there is none.
find_jdk() {
  local home newest
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME" "$1"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  newest=$(jdk_places | while IFS= read -r home; do
    if jdk_fits "$home" "$1"; then printf '%s %s\n' "$(jdk_version "$home")" "$home"; fi
  done | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1)
  if [ -z "$newest" ]; then
    explain_missing_jdk "$1" >&2
    return 1
  fi
  printf '%s\n' "${newest#* }"
}

explain_missing_jdk() {
  local home version
  echo "Larder needs a JDK $LARDER_MIN_JDK or newer (with bin/$1), and this machine has none that was found."
  echo "  JAVA_HOME:  ${JAVA_HOME:-not set}"
  echo "  looked at:  JAVA_HOME, java on PATH, /usr/lib/jvm, /opt, /opt/java, /usr/java, ~/.sdkman, ~/.jdks,"
  echo "              /Library/Java/JavaVirtualMachines, /opt/homebrew/opt"
  jdk_places | sort -u | while IFS= read -r home; do
    if version=$(jdk_version "$home"); then echo "  found:      $version in $home"; fi
  done
  echo "  to install: apt install openjdk-21-jdk (Debian 13, Ubuntu), dnf install java-21-openjdk-devel (Fedora),"
  echo "              brew install openjdk (macOS), sdk install java (SDKMAN), or a build from https://adoptium.net;"
  echo "              or point JAVA_HOME at one that is there already."
}
