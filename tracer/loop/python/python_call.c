/* The calls that an interpreter makes for us; see python_call.h. Loop layer. */
#include "tracer/loop/python/python_call.h"

#include "tracer/tracee/remote_call.h"

struct error *python_find(const struct image *image, taddr_t at, const char *name, taddr_t *ret)
{
	const struct module *module = image_module_at(image, at);
	taddr_t in_file;

	if (module == NULL || module->file == NULL ||
	    !symbol_file_find(module->file, name, &in_file))
		return error_new(ERR_FORMAT, "its interpreter has no %s", name);
	*ret = taddr(in_file.value + module->bias);
	return NULL;
}

struct error *python_call(struct tracee *tracee, const struct site *site, enum python_step step,
			  const char *function, const uint64_t *arguments, size_t count)
{
	taddr_t address;

	tracee->remote_call->step = step;
	struct error *err =
		python_find(tracee->process->space->image, site->address, function, &address);
	return err != NULL ? err : remote_call_make(tracee, address, arguments, count);
}

struct error *python_end(struct tracee *tracee, const struct site *site)
{
	return remote_call_end(tracee, site->patch.block.start);
}

struct error *python_call_begin(struct tracee *tracee, const struct site *site, const void *data,
				size_t data_bytes)
{
	const struct injected *injected = &tracee->process->space->image->injected;
	taddr_t trap = injection_call_return(&injected->injection);

	if (trap.value == 0)
		trap = injected_return_trap(injected);
	struct error *err =
		remote_call_begin(tracee, trap, site->patch.block.start, data, data_bytes);
	if (err == NULL)
		tracee->remote_call->values[VALUE_SITE] = site->address.value;
	return err;
}
