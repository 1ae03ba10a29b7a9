// SPDX-License-Identifier: GPL-2.0-or-later
/* Orders: one thing on one terminal, within bounds, and the same after being printed. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/order/order.h"

static bool parse(const char *text, size_t length, struct order *order)
{
	static const struct order empty;
	struct diag_list diags = DIAG_LIST_INIT;
	int result;

	memset(order, 0xff, sizeof(*order));
	result = order_parse(text, length, &diags, order);
	fuzz_diags_hold(&diags, text, document_text_length(text, length), result);
	MUST(result == 0 || memcmp(order, &empty, sizeof(empty)) == 0);
	diag_list_free(&diags);
	return result == 0;
}

static void order_holds(const struct order *order)
{
	static struct usb_facts facts;
	bool permit = order->kind == ORDER_KIND_PERMIT;
	bool maintenance = order->kind == ORDER_KIND_MAINTENANCE;

	MUST(order->kind < ORDER_KIND_COUNT);
	MUST(ENDED(order->id) && order->id[0] && fuzz_shown(order->id));
	MUST(ENDED(order->terminal) && order->terminal[0] && fuzz_shown(order->terminal));
	MUST(ENDED(order->reason) && order->reason[0] && fuzz_shown(order->reason));
	MUST(ENDED(order->serial) && permit == (order->serial[0] != '\0'));
	MUST(order->from < order->until &&
	     order->until - order->from < (int64_t)ORDER_DAYS_MAX * 86400);
	MUST(order->duration_s == 0 || (order->duration_s >= 60 && (permit || maintenance)));
	/* What loosens has an end, within bounds. */
	MUST(!maintenance || (order->duration_s && order->duration_s <= ORDER_MAINTENANCE_MAX_S));
	MUST(permit || !order->has_hash);

	/* It permits the device that it names, and not the next one. */
	memset(&facts, 0, sizeof(facts));
	facts.vendor = order->vendor;
	facts.product = order->product;
	memcpy(facts.serial, order->serial, sizeof(order->serial));
	memcpy(facts.hash, order->hash, sizeof(facts.hash));
	MUST(order_permits(order, &facts) == permit);
	facts.hash[0] ^= 1;
	MUST(order_permits(order, &facts) == (permit && !order->has_hash));
	facts.hash[0] ^= 1;
	facts.product ^= 1;
	MUST(!order_permits(order, &facts));
	facts.product ^= 1;
	facts.serial[0] = '\0';
	MUST(!order_permits(order, &facts));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	static struct order order, again;
	size_t printed;
	char *once;

	if (!parse(text, size, &order))
		return 0;
	order_holds(&order);
	once = fuzz_document_prints("airgap-order", text, document_text_length(text, size),
				    &printed);
	if (!once)
		return 0;
	MUST(parse(once, printed, &again));
	memcpy(again.digest, order.digest, sizeof(order.digest));
	MUST(memcmp(&order, &again, sizeof(order)) == 0);
	free(once);
	return 0;
}
