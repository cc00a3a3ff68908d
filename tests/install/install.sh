# What the install tests share: a copy of the project, and directories that
# stand for httpd's own, so that the machine's stay as they are.
cd "$(dirname "$0")/../.." || exit 1
project=$PWD
unset MAKEFLAGS MFLAGS
apxs=${APXS:-apxs}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

modules=$($apxs -q LIBEXECDIR)
sbin=$($apxs -q SBINDIR)
httpd=$sbin/$($apxs -q PROGNAME)
PATH=$PATH:$sbin

mkdir -p "$scratch/project" "$scratch/modules" "$scratch/state" \
    "$scratch/etc/mods-available" "$scratch/etc/mods-enabled"
cp -R Makefile mod_tempredirect.c src "$scratch/project"
cd "$scratch/project" || exit 1
find . \( -name '*.o' -o -name '*.lo' -o -name '*.slo' -o -name .libs \) \
    -exec rm -rf {} +

# a2enmod's, which apxs -a calls
export APACHE_CONFDIR="$scratch/etc" APACHE_STATE_DIRECTORY="$scratch/state"
fake_apxs="$apxs -S LIBEXECDIR=$scratch/modules -S SYSCONFDIR=$scratch/etc"

# verify NAME COMMAND...: a line for the runner; what a failure said goes there.
verify() {
    name=$1
    shift
    if said=$("$@" 2>&1); then
        echo "ok $name"
    else
        echo "not ok $name:" $(echo "$said" | tail -n 5)
    fi
}

exports_its_record_only() {
    exported=$(nm -D --defined-only "$scratch/modules/mod_tempredirect.so" |
        awk '{ print $NF }')
    echo "exports $exported"
    [ "$exported" = tempredirect_module ]
}

# A private httpd reads the .load file that apxs made and enabled.
loads() {
    cat >"$scratch/httpd.conf" <<CONF
ServerRoot "$scratch"
ServerName localhost
Listen 127.0.0.1:80
PidFile "$scratch/httpd.pid"
ErrorLog "$scratch/error.log"
LoadModule mpm_event_module "$modules/mod_mpm_event.so"
LoadModule authz_core_module "$modules/mod_authz_core.so"
Include "$scratch/etc/mods-enabled/*.load"
<IfModule !tempredirect_module>
    Error "mod_tempredirect is not enabled"
</IfModule>
TempRedirect /old https://new.example.com
CONF
    "$httpd" -t -f "$scratch/httpd.conf"
}
