/* Many files read by one child; see symbol_ahead.h. Symbols layer. */
#include "symbols/file/symbol_ahead.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/base/log.h"

/* As much as one child reads well within its limits. */
static const uint64_t BATCH_BYTES_MAX = UINT64_C(256) << 20;

bool symbol_ahead_is_full(const struct symbol_ahead *ahead, const struct symbol_request *request)
{
	return ahead->count == SYMBOL_AHEAD_MAX ||
	       ahead->bytes + (uint64_t)request->identity.size_bytes > BATCH_BYTES_MAX;
}

static void request_deinit(struct symbol_request *request)
{
	close(request->fd);
	free((char *)request->place.path);
	free((char *)request->place.name);
	free((char *)request->place.root);
}

static bool symbol_ahead_has(const struct symbol_ahead *ahead, const struct file_identity *identity)
{
	for (size_t i = 0; i < ahead->count; i++) {
		const struct file_identity *other = &ahead->requests[i].identity;
		if (other->inode == identity->inode && other->device == identity->device)
			return true;
	}
	return false;
}

struct error *symbol_ahead_add(struct symbol_ahead *ahead, const struct symbol_request *request)
{
	struct symbol_request *added = &ahead->requests[ahead->count];

	if (ahead->count == SYMBOL_AHEAD_MAX || symbol_ahead_has(ahead, &request->identity)) {
		close(request->fd);
		return NULL;
	}
	*added = *request;
	added->place.path = strdup(request->place.path);
	added->place.name = strdup(request->place.name);
	added->place.root = strdup(request->place.root);
	struct error *err = symbol_request_check(request);
	if (err == NULL &&
	    (added->place.path == NULL || added->place.name == NULL || added->place.root == NULL))
		err = error_no_memory();
	if (err != NULL) {
		request_deinit(added);
		return err;
	}
	ahead->bytes += (uint64_t)request->identity.size_bytes;
	ahead->count++;
	return NULL;
}

/* In the child: sends one file after the other, and at last how many bytes each takes; 0: none. */
static struct error *read_all(void *context, FILE *out)
{
	const struct symbol_ahead *ahead = context;
	uint64_t sizes[SYMBOL_AHEAD_MAX] = { 0 };

	for (size_t i = 0; i < ahead->count; i++) {
		uint64_t bytes = 0;
		struct error *err = symbol_request_read(&ahead->requests[i], out, &bytes);
		if (err == NULL)
			sizes[i] = bytes;
		error_free(err);
	}
	fwrite(sizes, sizeof(sizes[0]), ahead->count, out);
	return NULL;
}

/* Makes files of what the child has sent. */
static size_t create_files(const struct symbol_ahead *ahead, const struct isolated *sent,
			   struct symbol_file **ret)
{
	const size_t table_bytes = ahead->count * sizeof(uint64_t);
	uint64_t sizes[SYMBOL_AHEAD_MAX];
	size_t left = sent->bytes - table_bytes, made = 0;
	char *next = sent->data;

	memcpy(sizes, sent->data + left, table_bytes);
	for (size_t i = 0; i < ahead->count && sizes[i] <= left; i++) {
		struct error *err = sizes[i] == 0 ? NULL
						  : symbol_file_create(&ahead->requests[i], next,
								       sizes[i], &ret[made]);
		made += err == NULL && sizes[i] > 0;
		error_free(err);
		next += sizes[i];
		left -= sizes[i];
	}
	return made;
}

static size_t read_batch(struct symbol_ahead *ahead, struct symbol_file **ret)
{
	struct isolated sent = { 0 };
	struct error *err = array_reserve(&ahead->batches, &ahead->batch_capacity,
					  ahead->batch_count + 1, sizeof(*ahead->batches));

	if (err == NULL)
		err = isolate_run(read_all, ahead, &READING_LIMITS, &sent);
	if (err == NULL && sent.bytes < ahead->count * sizeof(uint64_t))
		err = error_new(ERR_FORMAT, "reading one led astray");
	if (err != NULL) {
		log_debug("%zu files are read one by one: %s", ahead->count, error_message(err));
		error_free(err);
		isolated_deinit(&sent);
		return 0;
	}
	ahead->batches[ahead->batch_count++] = sent;
	return create_files(ahead, &sent, ret);
}

static void symbol_ahead_forget(struct symbol_ahead *ahead)
{
	for (size_t i = 0; i < ahead->count; i++)
		request_deinit(&ahead->requests[i]);
	ahead->count = 0;
	ahead->bytes = 0;
}

size_t symbol_ahead_read(struct symbol_ahead *ahead, struct symbol_file **ret)
{
	/* One alone is read as well when it is asked for. */
	size_t count = ahead->count > 1 ? read_batch(ahead, ret) : 0;

	symbol_ahead_forget(ahead);
	return count;
}

void symbol_ahead_deinit(struct symbol_ahead *ahead)
{
	symbol_ahead_forget(ahead);
	for (size_t i = 0; i < ahead->batch_count; i++)
		isolated_deinit(&ahead->batches[i]);
	free(ahead->batches);
}
