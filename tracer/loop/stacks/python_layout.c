/* Where CPython keeps what it runs; see python_layout.h. Loop layer. */
#include "tracer/loop/stacks/python_layout.h"

#include <string.h>

#include "symbols/unwind/loaded_symbol.h"
#include "tracer/base/log.h"

/* Include/internal/pycore_{runtime,interp,frame}.h and Include/cpython/{pystate,code,unicodeobject}.h of 3.11. */
static const struct python_layout LAYOUT_3_11 = {
	.runtime_interpreters = 40,
	.interpreter_next = 0,
	.interpreter_threads = 16,
	.thread_next = 8,
	.thread_tid = 160,
	.has_cframes = true,
	.thread_frame = 56,
	.cframe_frame = 8,
	.cframe_previous = 16,
	.frame_code = 32,
	.frame_previous = 48,
	.frame_entry = 68,
	.entry_value = 1,
	.object_type = 8,
	.code_file = 112,
	.code_name = 128,
	.text_length = 16,
	.text_state = 32,
	.text_ascii = 48,
	.text_compact = 72,
};

/* The same of 3.12. */
static const struct python_layout LAYOUT_3_12 = {
	.runtime_interpreters = 40,
	.interpreter_next = 0,
	.interpreter_threads = 72,
	.thread_next = 8,
	.thread_tid = 144,
	.has_cframes = true,
	.thread_frame = 56,
	.cframe_frame = 0,
	.cframe_previous = 8,
	.frame_code = 0,
	.frame_previous = 8,
	.frame_entry = 70,
	.entry_value = 3,
	.is_entry_shim = true,
	.object_type = 8,
	.code_file = 112,
	.code_name = 128,
	.text_length = 16,
	.text_state = 32,
	.text_ascii = 40,
	.text_compact = 56,
};

void python_process_deinit(struct python_process *python)
{
	addr_map_deinit(&python->looked_at);
	addr_map_deinit(&python->threads);
	*python = (struct python_process){ 0 };
}

void python_process_tell(struct python_process *python, const char *why)
{
	if (!python->was_told)
		log_debug("functions of Python are not named on stacks: %s", why);
	python->was_told = true;
}

/* The table at the beginning of _PyRuntime: struct _Py_DebugOffsets of 3.13, whose members are words of 64 bits. */
static bool read_offsets(struct memory_view *view, taddr_t runtime, struct python_layout *ret)
{
	enum {
		COOKIE = 0,
		VERSION = 1,
		INTERPRETERS = 5,
		INTERPRETER_NEXT = 8,
		INTERPRETER_THREADS = 9,
		THREAD_NEXT = 21,
		THREAD_FRAME = 23,
		THREAD_TID = 25,
		FRAME_PREVIOUS = 29,
		FRAME_CODE = 30,
		FRAME_OWNER = 33,
		CODE_FILE = 35,
		CODE_QUALNAME = 37,
		OBJECT_TYPE = 45,
		TEXT_STATE = 68,
		TEXT_LENGTH = 69,
		TEXT_ASCII = 70,
		WORDS = 71,
		OFFSET_MAX = 1 << 20,
		OWNED_BY_CSTACK = 3,
		UTF8_BYTES =
			16, /* a pointer and a length, between a text's head and characters beyond ASCII */
	};
	uint64_t words[WORDS];

	if (!memory_view_read(view, runtime, words, sizeof(words)) ||
	    memcmp(words, "xdebugpy", sizeof(words[COOKIE])) != 0 || words[VERSION] >> 16 != 0x030d)
		return false;
	for (size_t i = VERSION + 1; i < WORDS; i++) {
		if (words[i] > OFFSET_MAX)
			return false;
	}
	*ret = (struct python_layout){
		.runtime_interpreters = (uint32_t)words[INTERPRETERS],
		.interpreter_next = (uint32_t)words[INTERPRETER_NEXT],
		.interpreter_threads = (uint32_t)words[INTERPRETER_THREADS],
		.thread_next = (uint32_t)words[THREAD_NEXT],
		.thread_tid = (uint32_t)words[THREAD_TID],
		.thread_frame = (uint32_t)words[THREAD_FRAME],
		.frame_code = (uint32_t)words[FRAME_CODE],
		.frame_previous = (uint32_t)words[FRAME_PREVIOUS],
		.frame_entry = (uint32_t)words[FRAME_OWNER],
		.entry_value = OWNED_BY_CSTACK,
		.is_entry_shim = true,
		.object_type = (uint32_t)words[OBJECT_TYPE],
		.code_file = (uint32_t)words[CODE_FILE],
		.code_name = (uint32_t)words[CODE_QUALNAME],
		.text_length = (uint32_t)words[TEXT_LENGTH],
		.text_state = (uint32_t)words[TEXT_STATE],
		.text_ascii = (uint32_t)words[TEXT_ASCII],
		.text_compact = (uint32_t)words[TEXT_ASCII] + UTF8_BYTES,
	};
	return true;
}

static bool find_layout(const struct loaded_symbols *symbols, taddr_t runtime,
			struct python_layout *ret)
{
	uint64_t version; /* as PY_VERSION_HEX */
	taddr_t at;

	if (!loaded_symbols_find(symbols, "Py_Version", &at) || /* before 3.11 */
	    !memory_view_read(symbols->view, at, &version, sizeof(version)))
		return false;
	switch (version >> 16) {
	case 0x030b:
		*ret = LAYOUT_3_11;
		return true;
	case 0x030c:
		*ret = LAYOUT_3_12;
		return true;
	default:
		return read_offsets(symbols->view, runtime, ret);
	}
}

struct error *python_process_look(struct python_process *python, struct memory_view *view,
				  taddr_t header)
{
	struct loaded_symbols symbols;

	if (python->is_found || python->is_given_up ||
	    addr_map_get(&python->looked_at, header.value) != NULL)
		return NULL;
	if (!loaded_symbols_open(&symbols, view, header) ||
	    !loaded_symbols_find(&symbols, "_PyRuntime", &python->runtime))
		return addr_map_put(&python->looked_at, header.value, python);
	python->is_found = loaded_symbols_find(&symbols, "PyCode_Type", &python->code_type) &&
			   loaded_symbols_find(&symbols, "PyUnicode_Type", &python->text_type) &&
			   find_layout(&symbols, python->runtime, &python->layout);
	python->is_given_up = !python->is_found;
	if (python->is_given_up)
		python_process_tell(python, "the interpreter is none of CPython 3.11 to 3.13");
	return NULL;
}
