// SPDX-License-Identifier: GPL-2.0-or-later
/* From MIME types, as libmagic says them, to the names that policies use. */
#include <stddef.h>
#include <string.h>

#include "agent/transfer/filetype.h"

struct pair {
	const char *mime, *name;
};

static const struct pair exact[] = {
	{ "application/pdf", "pdf" },
	{ "application/zip", "zip" },
	{ "application/java-archive", "jar" },
	{ "application/rtf", "rtf" },
	{ "text/rtf", "rtf" },
	{ "application/msword", "doc" },
	{ "application/vnd.ms-excel", "xls" },
	{ "application/vnd.ms-powerpoint", "ppt" },
	{ "application/CDFV2", "ole" },
	{ "application/x-ole-storage", "ole" },
	{ "application/postscript", "ps" },
	{ "application/json", "json" },
	{ "application/x-ndjson", "json" },
	{ "application/csv", "csv" },
	{ "application/javascript", "script" },
	{ "application/x-dosexec", "exe" },
	{ "application/vnd.microsoft.portable-executable", "exe" },
	{ "application/x-executable", "elf" },
	{ "application/x-pie-executable", "elf" },
	{ "application/x-sharedlib", "elf" },
	{ "application/x-object", "elf" },
	{ "application/x-coredump", "elf" },
	{ "application/x-mach-binary", "macho" },
	{ "application/x-ms-shortcut", "lnk" },
	{ "application/x-msi", "msi" },
	{ "application/x-tar", "tar" },
	{ "application/gzip", "gz" },
	{ "application/x-bzip2", "bz2" },
	{ "application/x-xz", "xz" },
	{ "application/zstd", "zst" },
	{ "application/x-7z-compressed", "7z" },
	{ "application/x-rar", "rar" },
	{ "application/vnd.rar", "rar" },
	{ "application/x-archive", "ar" },
	{ "application/vnd.debian.binary-package", "deb" },
	{ "application/x-rpm", "rpm" },
	{ "application/x-iso9660-image", "iso" },
	{ "application/vnd.sqlite3", "sqlite" },
	{ "application/x-sqlite3", "sqlite" },
	{ "application/pgp-encrypted", "pgp" },
	{ "image/png", "png" },
	{ "image/jpeg", "jpeg" },
	{ "image/gif", "gif" },
	{ "image/tiff", "tiff" },
	{ "image/bmp", "bmp" },
	{ "image/x-ms-bmp", "bmp" },
	{ "image/webp", "webp" },
	{ "image/svg+xml", "svg" },
	{ "image/vnd.dwg", "dwg" },
	{ "audio/mpeg", "mp3" },
	{ "audio/x-wav", "wav" },
	{ "audio/flac", "flac" },
	{ "audio/ogg", "ogg" },
	{ "video/mp4", "mp4" },
	{ "video/quicktime", "mov" },
	{ "video/x-matroska", "mkv" },
	{ "video/x-msvideo", "avi" },
	{ "video/mpeg", "mpeg" },
	{ "message/rfc822", "eml" },
	{ "inode/x-empty", "empty" },
	{ "application/x-empty", "empty" },
	{ "text/plain", "txt" },
	{ "text/csv", "csv" },
	{ "text/html", "html" },
	{ "text/xml", "xml" },
	{ "application/xml", "xml" },
	/* What something runs when it is opened. */
	{ "text/javascript", "script" },
	{ "text/x-shellscript", "script" },
	{ "text/x-msdos-batch", "script" },
	{ "text/x-perl", "script" },
	{ "text/x-python", "script" },
	{ "text/x-script.python", "script" },
	{ "text/x-ruby", "script" },
	{ "text/x-php", "script" },
	{ "text/x-awk", "script" },
	{ "text/x-gawk", "script" },
	{ "text/x-lua", "script" },
	{ "text/x-tcl", "script" },
	{ "text/vbscript", "script" },
};

/* Documents whose own members say better what they are: see marks_zip_kind(). */
static const char *const archives[] = {
	"application/vnd.openxmlformats-officedocument.",
	"application/vnd.oasis.opendocument.",
	"application/vnd.ms-word.document.macro",
	"application/vnd.ms-excel.sheet.macro",
	"application/epub+zip",
	"application/ofd",
};

const char *filetype_name(const char *mime)
{
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (strcmp(exact[i].mime, mime) == 0)
			return exact[i].name;
	for (size_t i = 0; i < sizeof(archives) / sizeof(archives[0]); i++)
		if (strncmp(archives[i], mime, strlen(archives[i])) == 0)
			return "zip";
	/* A letter may look like C, or like troff: it is text all the same. */
	return strncmp(mime, "text/", 5) == 0 ? "txt" : "data";
}
