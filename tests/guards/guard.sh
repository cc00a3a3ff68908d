# What the guards share; each sources this file and ends with a verdict.
# They run from the root of the project.
cd "$(dirname "$0")/../.." || exit 1

# verdict NAME REASON: without a reason all is well.
verdict() {
    if [ -z "$2" ]; then
        echo "ok $1"
    else
        echo "not ok $1:" $2
    fi
}

# in_code: the C sources of the module.
in_code() {
    ls mod_tempredirect.c src/*/*.[ch] 2>/dev/null
}

# only_in A B: the lines of A that are not in B.
only_in() {
    echo "$1" | while read -r line; do
        echo "$2" | grep -qxF -- "$line" || echo "$line"
    done
}

# compare WHAT A WHERE B: says what one side has and the other has not.
compare() {
    missing=$(only_in "$2" "$4")
    extra=$(only_in "$4" "$2")
    [ -z "$missing" ] || echo "$1 missing from $3:" $missing.
    [ -z "$extra" ] || echo "$3 has no such $1:" $extra.
}
