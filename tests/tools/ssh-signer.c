// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ssh-signer: keys and signatures for conformance tests, the hardware kind included, which
 * ssh-keygen makes only with hardware but verifies without.
 *
 *	ssh-signer public NUMBER [sk]                         print the public key
 *	ssh-signer sign NUMBER NAMESPACE [sk] [FIELD=VALUE]   sign standard input; spoil fields
 *	ssh-signer mutate SEED                                change standard input at random
 */
/* The whole of it: a tool is one source file. */
#include "tests/unit/signer.c" /* NOLINT(bugprone-suspicious-include) */

#include <sodium.h>

#define INPUT_MAX (1024 * 1024)

static uint8_t input[INPUT_MAX + 1];
static size_t input_length;

static int usage(void)
{
	fputs("usage: ssh-signer public NUMBER [sk] | sign NUMBER NAMESPACE [sk] [FIELD=VALUE]... "
	      "| "
	      "mutate SEED\n",
	      stderr);
	return 2;
}

static bool spoil(struct signer_spec *spec, const char *field)
{
	const char *value = strchr(field, '=');
	size_t i;
	const struct {
		const char *name;
		const char **text;
	} texts[] = {
		{ "magic", &spec->magic },	 { "key-type", &spec->key_type },
		{ "key-tail", &spec->key_tail }, { "application", &spec->application },
		{ "reserved", &spec->reserved }, { "hash", &spec->hash },
		{ "sig-type", &spec->sig_type }, { "sig-tail", &spec->sig_tail },
		{ "tail", &spec->tail },
	};

	if (!value++)
		return false;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strncmp(texts[i].name, field, strlen(texts[i].name)) == 0 &&
		    field[strlen(texts[i].name)] == '=') {
			*texts[i].text = value;
			return true;
		}
	if (strncmp(field, "version=", 8) == 0)
		spec->version = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(field, "flags=", 6) == 0)
		spec->flags = (uint8_t)strtoul(value, NULL, 0);
	else if (strncmp(field, "counter=", 8) == 0)
		spec->counter = (uint32_t)strtoul(value, NULL, 0);
	else if (strncmp(field, "width=", 6) == 0)
		spec->width = strtoul(value, NULL, 0);
	else if (strncmp(field, "sig-length=", 11) == 0)
		spec->sig_length = strtoul(value, NULL, 0);
	else
		return false;
	return true;
}

static int sign_input(const struct signer *signer, const char *name, char **fields)
{
	struct signer_spec spec = signer_spec(signer, name);
	char armour[SIGNER_ARMOUR_MAX];

	for (; *fields; fields++)
		if (!spoil(&spec, *fields))
			return usage();
	signer_armour(signer, &spec, input, input_length, armour);
	fputs(armour, stdout);
	return 0;
}

static uint32_t draw(uint64_t *state, size_t below)
{
	/* Knuth's linear congruential generator: the same changes in each run. */
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return below ? (uint32_t)((*state >> 33) % below) : 0;
}

/* One to three changes, each small. */
static int mutate(uint64_t state)
{
	static const char fillers[] = "\n -=A\r+/\t";
	uint32_t changes, at;

	draw(&state, 1);
	for (changes = 1 + draw(&state, 3); changes > 0; changes--) {
		at = draw(&state, input_length);
		switch (draw(&state, 5)) {
		case 0:
			input[at] = (uint8_t)(input[at] ^ 1U << draw(&state, 8));
			break;
		case 1:
			memmove(input + at, input + at + 1, input_length - at);
			input_length -= input_length > 0;
			break;
		case 2:
			if (input_length == INPUT_MAX)
				break;
			memmove(input + at + 1, input + at, input_length - at);
			input[at] = (uint8_t)fillers[draw(&state, sizeof(fillers) - 1)];
			input_length++;
			break;
		case 3:
			input_length = draw(&state, 8) ? input_length : at;
			break;
		default:
			input[at] = (uint8_t)fillers[draw(&state, sizeof(fillers) - 1)];
			break;
		}
	}
	fwrite(input, 1, input_length, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct signer signer;
	char public[256];
	bool sign, hardware;

	if (argc < 3 || sodium_init() < 0)
		return usage();
	sign = strcmp(argv[1], "sign") == 0;
	hardware = argc > 3 + sign && strcmp(argv[3 + sign], "sk") == 0;
	signer_make(&signer, (uint8_t)strtoul(argv[2], NULL, 0), hardware);
	if (strcmp(argv[1], "public") == 0) {
		signer_public(&signer, public);
		return puts(public) < 0;
	}
	input_length = fread(input, 1, INPUT_MAX, stdin);
	if (strcmp(argv[1], "mutate") == 0)
		return mutate(strtoull(argv[2], NULL, 0));
	if (sign && argc > 3)
		return sign_input(&signer, argv[3], argv + 4 + hardware);
	return usage();
}
