#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every way out of a terminal, on Debian's own kernel with all of its modules, counted at the peer.
# lab: timeout=900
. /lab/lib.sh

# The checks of tests/netns, run here; what the kernel lacks is a failure here.
netns() {
	local line
	while read -r line; do
		case $line in
		"ok "*) check "${line#ok }" true ;;
		"not ok "*) check "${line#not ok }" false ;;
		"skip "*) check "there is: ${line#skip }" false ;;
		*) note "$line" ;;
		esac
	done < <(cd /lab/top && BUILD=/lab/build python3 tests/netns/run "$1" 2>&1)
}

for module in veth macvlan bridge br_netfilter 8021q pppoe tun act_mirred cls_u32 sch_ingress; do
	modprobe "$module" || note "no module $module"
done
netns ways
