#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The fixtures: what make_unit and make_policy sign is what ssh-keygen verifies.
. /lab/lib.sh

check "a unit is made" make_unit
check "the list is signed twice" test "$(grep -c BEGIN /etc/airgap/trust)" = 2
policy=$(make_policy 42 <<'USB'
allow  stick:  id in [ 0951:1666 ], serial "A1", interfaces within [ 08:06:50 ]
--
people {
    lead  "A. Novak"
}
USB
)
check "the policy is signed twice" test "$(grep -c BEGIN "$policy")" = 2
check "its blocks are there" grep -q '^people {$' "$policy"
sed '/^-----BEGIN/,$d' "$policy" >/tmp/text
awk '/^-----BEGIN/ { n++ } n == 2' "$policy" >/tmp/second
echo "ap $(unit_public ap-2c)" >/tmp/allowed
check "the second signature is good" ssh-keygen -q -Y verify -f /tmp/allowed -I ap \
	-n airgap-policy@v1 -s /tmp/second </tmp/text
sign_policy "$policy" so-7a
check "one more can be appended" test "$(grep -c BEGIN "$policy")" = 3
check_not "an unsigned one has none" grep BEGIN "$(make_policy 43 - </dev/null)"
