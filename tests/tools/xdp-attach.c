// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts an XDP program that lets every frame pass on a link, as root would.
 *
 * usage: xdp-attach LINK            by rtnetlink: it stays there
 *        xdp-attach --held LINK     by a BPF link: rtnetlink cannot take it off while this process lives
 *
 * Prints "ready"; ends at once, or with --held at the end of its input. Formats: linux/bpf.h, IFLA_XDP of
 * linux/if_link.h. Exit status 1 when the kernel refuses.
 */
#include <libmnl/libmnl.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
	return (int)syscall(__NR_bpf, command, attributes, sizeof(*attributes));
}

/* r0 = XDP_PASS; exit */
static int load(void)
{
	static const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = { 0 };

	attributes.prog_type = BPF_PROG_TYPE_XDP;
	attributes.insns = (uintptr_t)program;
	attributes.insn_cnt = sizeof(program) / sizeof(program[0]);
	attributes.license = (uintptr_t) "GPL";
	return bpf(BPF_PROG_LOAD, &attributes);
}

static int hold(int program, unsigned index)
{
	union bpf_attr attributes = { 0 };

	attributes.link_create.prog_fd = (uint32_t)program;
	attributes.link_create.target_ifindex = index;
	attributes.link_create.attach_type = BPF_XDP;
	attributes.link_create.flags = XDP_FLAGS_SKB_MODE;
	return bpf(BPF_LINK_CREATE, &attributes);
}

static int attach(int program, unsigned index)
{
	char buffer[512];
	struct nlmsghdr *head = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;
	struct nlattr *nest;
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	ssize_t length;
	int r = -1;

	if (!socket)
		return -1;
	head->nlmsg_type = RTM_SETLINK;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	info = mnl_nlmsg_put_extra_header(head, sizeof(*info));
	info->ifi_index = (int)index;
	nest = mnl_attr_nest_start(head, IFLA_XDP);
	mnl_attr_put_u32(head, IFLA_XDP_FD, (uint32_t)program);
	mnl_attr_put_u32(head, IFLA_XDP_FLAGS, XDP_FLAGS_SKB_MODE);
	mnl_attr_nest_end(head, nest);
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(socket, head, head->nlmsg_len) > 0) {
		length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		r = length > 0 ? mnl_cb_run(buffer, (size_t)length, 0,
					    mnl_socket_get_portid(socket), NULL, NULL)
			       : -1;
	}
	mnl_socket_close(socket);
	return r < 0 ? -1 : 0;
}

int main(int argc, char *argv[])
{
	bool held = argc == 3 && strcmp(argv[1], "--held") == 0;
	unsigned index = argc == 2 || held ? if_nametoindex(argv[argc - 1]) : 0;
	int program;

	if (!index) {
		fprintf(stderr, "usage: xdp-attach [--held] LINK\n");
		return 2;
	}
	program = load();
	if (program < 0 || (held ? hold(program, index) : attach(program, index)) < 0) {
		perror("xdp-attach");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while (held && getchar() != EOF)
		;
	return 0;
}
