# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the conformance scripts for signatures share: an office with its keys, its list and a policy.
# Sourced from a script that then works in an empty folder; BUILD names the build folder.
#
# Commands that expect something print one line, `ok` or `not ok`, and leave what was said in `out`.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
build=${BUILD:-$top/build}
case $build in /*) ;; *) build=$top/$build ;; esac
policy=$build/bin/airgap-policy
signer=$build/tests/tools/ssh-signer
work=$(mktemp -d /tmp/airgap-conformance-XXXXXX)
trap 'rm -rf "$work"' EXIT
failed=0
for program in "$policy" "$signer"; do
	[ -x "$program" ] || { echo "not ok $program is not built; run make and make tools"; exit 1; }
done
cd "$work" || exit 1

ok()
{
	echo "ok $conformance: $1"
}

not_ok()
{
	echo "not ok $conformance: $1"
	[ -s out ] && sed 's/^/# /' out
	failed=1
}

# check NAME COMMAND...: the command succeeds
check()
{
	local name=$1
	shift
	if "$@" >out.new 2>&1; then mv out.new out; ok "$name"; else mv out.new out; not_ok "$name"; fi
}

# refused NAME REASON COMMAND...: exit code 1, and the reason in what it says
refused()
{
	local name=$1 reason=$2 code
	shift 2
	"$@" >out 2>&1
	code=$?
	if [ "$code" = 1 ] && grep -qF -- "$reason" out; then
		ok "refused: $name"
	else
		echo "# exit $code, wanted 1 and '$reason'" >>out
		not_ok "refused: $name"
	fi
}

# same NAME A B: two files with the same content
same()
{
	check "$1" cmp "$2" "$3"
}

verify()
{
	"$policy" verify --trust list "$@"
}

# spoil NAME REASON: the file `case` must be refused for that reason
spoil()
{
	refused "$1" "$2" verify case
}

openssh_verify() # FILE's text, SIGNATURE, PRINCIPAL, NAMESPACE
{
	ssh-keygen -q -Y verify -f allowed -I "$3" -n "$4" -s "$2" <"$1"
}

sign_with() # KEY NAMESPACE <text >signature: plain OpenSSH
{
	ssh-keygen -q -Y sign -n "$2" -f "$1" 2>>ssh.err
}

attach_from() # KEY NAMESPACE TEXT FILE
{
	sign_with "$1" "$2" <"$3" >new.sig
	"$policy" attach "$4" new.sig
}

public()
{
	cut -d' ' -f1,2 "$1.pub"
}

block() # NUMBER <FILE: that signature of it
{
	awk -v want="$1" '/^-----BEGIN/ { n++ } n == want'
}

make_keys()
{
	local key
	for key in root1 root2 root3 officer officer2 approver auditor lost old stranger; do
		ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$key" || return
		echo "$key $(public "$key")" >>allowed
	done
	ssh-keygen -q -t rsa -b 2048 -N '' -f rsa || return
	ssh-keygen -q -t ed25519 -N 'a passphrase' -f locked || return
	ssh-keygen -q -t ecdsa -N '' -f ecdsa || return
	echo "hardware $("$signer" public 9 sk)" >>allowed
	echo "soft $("$signer" public 8)" >>allowed
}

make_list() # NUMBER, ROOTS NEEDED; the keys of the roots on standard input
{
	cat <<-END
	airgap-trust 1
	trust {
	    number          $1
	    levels          [ neibu "内部"  mimi "秘密" ]
	    root            at-least $2
	    policy          security 1  approval 1
	    minimum-serial  40
	}
	keys {
	END
	cat
	cat <<-END
	    key      so-1  duty security  person "J. Kovac"   public "$(public officer)"
	    key      so-2  duty security  person "j.kovac"    public "$(public officer2)"
	    key      so-8  duty security  person "S. Soft"    public "$("$signer" public 8)"
	    key      ap-1  duty approval  person "M. Horvat"  public "$(public approver)"
	    key      ap-9  duty approval  person "H. Ware"    public "$("$signer" public 9 sk)"
	    key      au-1  duty audit     person "L. Kranjc"  public "$(public auditor)"
	    retired  so-0  public "$(public old)"
	    revoked  so-x  public "$(public lost)"
	}
	END
}

root_key() # NUMBER PERSON
{
	echo "    key      rt-$1  duty root  person \"$2\"  public \"$(public "root$1")\""
}

make_policy() # SERIAL LEVEL
{
	cat <<-END
	airgap-policy 1
	policy {
	    id      "conformance"
	    serial  $1
	    class   normal
	    mode    enforce
	    valid   2026-01-01 .. 2099-12-31
	}
	scope {
	    unit       "7.2.14"
	    terminals  [ "T-1" ]
	    level      $2
	}
	END
}

# signed TEXT KEY...: the text with a plain OpenSSH signature of each key
signed()
{
	local text=$1 name=airgap-policy@v1 key
	shift
	case $text in list*) name=airgap-trust@v1 ;; esac
	cat "$text"
	for key; do sign_with "$key" $name <"$text"; done
}

office()
{
	make_keys || return
	{ root_key 1 "A. Novak"; root_key 2 "B. Zajc"; } | make_list 3 2 >list.text
	make_policy 42 mimi >text
	signed list.text root1 root2 >list
	signed text officer approver >good
}

office || { not_ok 'setup'; exit 1; }
