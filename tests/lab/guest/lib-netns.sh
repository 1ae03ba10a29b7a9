# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The scenarios of tests/netns inside the guest, where nothing may be lacking.

# netns PATTERN - each line of tests/netns/run becomes a check; what is skipped there fails here
netns() {
	local line
	while read -r line; do
		case $line in
		"ok "*) check "${line#ok }" true ;;
		"not ok "*) check "${line#not ok }" false ;;
		"skip "*) check "there is: ${line#skip }" false ;;
		*) note "${line#\# }" ;;
		esac
	done < <(cd /lab/top && BUILD=/lab/build python3 tests/netns/run "$1" 2>&1)
}
