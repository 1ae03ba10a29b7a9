// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/block.h"
#include "policy/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int choose_namespace(struct block_target *target, const char *name)
{
	if (name) {
		target->ns = namespace_of_name(name);
		if (target->ns != SIGN_NAMESPACE_COUNT)
			return CLI_GOOD;
		cli_error("'%s' is not one of our namespaces, such as '%s'", name,
			  namespace_name(SIGN_NAMESPACE_POLICY));
		return CLI_USAGE;
	}
	target->ns = namespace_of_text((const uint8_t *)target->bytes, target->text_length);
	if (target->ns != SIGN_NAMESPACE_COUNT)
		return CLI_GOOD;
	cli_error("%s: the text does not begin with a word such as '%s', so what it is signed for "
		  "is not known; say it with --namespace",
		  target->path, namespace_word(SIGN_NAMESPACE_POLICY));
	return CLI_FINDINGS;
}

int block_open(struct block_target *target, const char *path, const char *name)
{
	char reason[SIGNED_REASON_SIZE] = "";
	const uint8_t *bytes;
	int error, code;

	memset(target, 0, sizeof(*target));
	target->path = path;
	if (cli_read(path, &target->bytes, &target->length) != 0)
		return CLI_FINDINGS;
	bytes = (const uint8_t *)target->bytes;
	error = signed_text(bytes, target->length, &target->text_length, reason);
	if (!error) {
		code = choose_namespace(target, name);
		if (code != CLI_GOOD)
			return code;
		error = signed_split(&target->file, bytes, target->length, target->ns, reason);
		if (error == -ENOKEY)
			return CLI_GOOD;
		if (!error)
			error = signed_verify(&target->file, target->ns, reason);
	}
	if (!error)
		return CLI_GOOD;
	cli_error("%s: %s", path, reason);
	return CLI_FINDINGS;
}

void block_close(struct block_target *target)
{
	free(target->bytes);
	target->bytes = NULL;
}

static int refuse(const char *origin, const char *what)
{
	cli_error("%s: the signature %s", origin, what);
	return CLI_FINDINGS;
}

/* Reads and verifies the new signature. */
static int check_new(struct block_target *target, const char *origin, const char *armour,
		     size_t length, struct sshsig *sig)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	size_t used = 0, blob_length = 0;
	struct sshsig_message message;
	enum sshsig_flaw flaw;

	flaw = sshsig_unarmour((const uint8_t *)armour, length, &used, blob, &blob_length);
	if (flaw == SSHSIG_SOUND && used != length)
		return refuse(origin, "is followed by something else; give one signature alone");
	if (flaw == SSHSIG_SOUND)
		flaw = sshsig_parse(sig, blob, blob_length);
	if (flaw != SSHSIG_SOUND)
		return refuse(origin, sshsig_flaw_text(flaw));
	sshsig_message_init(&message, (const uint8_t *)target->bytes, target->text_length);
	flaw = sshsig_verify(sig, &message, target->ns);
	if (flaw == SSHSIG_FLAW_OTHER_NAMESPACE) {
		cli_error("%s: the signature was made for '%s', and %s needs '%s'; sign again with "
			  "'ssh-keygen -Y sign -n %s'",
			  origin, sig->name, target->path, namespace_name(target->ns),
			  namespace_name(target->ns));
		return CLI_FINDINGS;
	}
	if (flaw == SSHSIG_SOUND)
		return CLI_GOOD;
	cli_error("%s: the signature is not one over this text; sign exactly what 'airgap-policy "
		  "text %s' prints",
		  origin, target->path);
	return CLI_FINDINGS;
}

static int check_place(const struct block_target *target, const struct sshsig *sig)
{
	char fingerprint[SSHKEY_FINGERPRINT_SIZE];
	uint32_t i;

	sshkey_fingerprint(&sig->key, fingerprint);
	for (i = 0; i < target->file.count; i++) {
		if (!sshkey_same(&target->file.blocks[i].sig.key, &sig->key))
			continue;
		cli_error("%s: key %s has signed already, in line %u; nothing was changed",
			  target->path, fingerprint, target->file.blocks[i].line);
		return CLI_FINDINGS;
	}
	if (target->file.count < SIGNED_BLOCKS_MAX)
		return CLI_GOOD;
	cli_error("%s: has %d signatures, the most that a file may have; nothing was changed",
		  target->path, SIGNED_BLOCKS_MAX);
	return CLI_FINDINGS;
}

int block_append(struct block_target *target, const char *origin, const char *armour, size_t length)
{
	char fingerprint[SSHKEY_FINGERPRINT_SIZE];
	struct sshsig sig;
	char *whole;
	int code;

	code = check_new(target, origin, armour, length, &sig);
	if (code == CLI_GOOD)
		code = check_place(target, &sig);
	if (code != CLI_GOOD)
		return code;
	whole = malloc(target->length + length);
	if (!whole) {
		cli_error("%s: %s", target->path, strerror(ENOMEM));
		return CLI_FINDINGS;
	}
	memcpy(whole, target->bytes, target->length);
	memcpy(whole + target->length, armour, length);
	if (cli_write(target->path, whole, target->length + length) != 0)
		code = CLI_FINDINGS;
	free(whole);
	if (code != CLI_GOOD)
		return code;
	sshkey_fingerprint(&sig.key, fingerprint);
	printf("%s: signed by %s for %s; signatures: %u\n", target->path, fingerprint,
	       namespace_name(target->ns), target->file.count + 1);
	return CLI_GOOD;
}
