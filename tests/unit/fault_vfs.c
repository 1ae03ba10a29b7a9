// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fault_vfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* in the same memory, after this */
};

static sqlite3_vfs *system_vfs, shim;
static sqlite3_io_methods methods;
static unsigned int calls, chosen;
static enum fault_mode how;

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct fault_file *)file)->real;
}

static bool is_chosen(void)
{
	return ++calls == chosen && how != FAULT_NONE;
}

static int on_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
	if (!is_chosen())
		return real(file)->pMethods->xWrite(real(file), data, size, offset);
	if (how == FAULT_TORN || how == FAULT_SHORT)
		real(file)->pMethods->xWrite(real(file), data, size / 2, offset);
	if (how == FAULT_KILL || how == FAULT_TORN)
		kill(getpid(), SIGKILL);
	return how == FAULT_EIO ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int on_sync(sqlite3_file *file, int flags)
{
	if (!is_chosen())
		return real(file)->pMethods->xSync(real(file), flags);
	if (how == FAULT_KILL || how == FAULT_TORN)
		kill(getpid(), SIGKILL);
	return SQLITE_IOERR_FSYNC;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (!is_chosen())
		return real(file)->pMethods->xTruncate(real(file), size);
	if (how == FAULT_KILL || how == FAULT_TORN)
		kill(getpid(), SIGKILL);
	return SQLITE_IOERR_TRUNCATE;
}

static int on_close(sqlite3_file *f)
{
	return real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
}

static int on_read(sqlite3_file *f, void *data, int size, sqlite3_int64 offset)
{
	return real(f)->pMethods->xRead(real(f), data, size, offset);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int on_lock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xLock(real(f), lock);
}

static int on_unlock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xUnlock(real(f), lock);
}

static int on_reserved(sqlite3_file *f, int *result)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), result);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int on_characteristics(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int on_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}

static int on_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void on_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int on_unmap(sqlite3_file *f, int delete)
{
	return real(f)->pMethods->xShmUnmap(real(f), delete);
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct fault_file *fault = (struct fault_file *)file;
	int r;

	(void)vfs;
	fault->real = (sqlite3_file *)(fault + 1);
	r = system_vfs->xOpen(system_vfs, name, fault->real, flags, out);
	file->pMethods = fault->real->pMethods ? &methods : NULL;
	return r;
}

void fault_vfs_install(enum fault_mode mode, unsigned int point)
{
	system_vfs = sqlite3_vfs_find(NULL);
	if (!system_vfs)
		abort();
	shim = *system_vfs;
	shim.szOsFile = (int)sizeof(struct fault_file) + system_vfs->szOsFile;
	shim.zName = "fault";
	shim.xOpen = on_open;
	methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = on_close,
		.xRead = on_read,
		.xWrite = on_write,
		.xTruncate = on_truncate,
		.xSync = on_sync,
		.xFileSize = on_size,
		.xLock = on_lock,
		.xUnlock = on_unlock,
		.xCheckReservedLock = on_reserved,
		.xFileControl = on_control,
		.xSectorSize = on_sector,
		.xDeviceCharacteristics = on_characteristics,
		.xShmMap = on_map,
		.xShmLock = on_shm_lock,
		.xShmBarrier = on_barrier,
		.xShmUnmap = on_unmap,
	};
	calls = 0;
	chosen = point;
	how = mode;
	sqlite3_vfs_register(&shim, 1);
}

unsigned int fault_vfs_calls(void)
{
	return calls;
}
