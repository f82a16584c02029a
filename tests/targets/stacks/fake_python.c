/* flags: -rdynamic */
/* variants: good round wild type long escapes */
/*
 * A program that says of itself that it is CPython 3.12, with frames of two functions, or with such as no interpreter has: chains
 * that lead round in circles, pointers to nowhere, objects of other types, names without end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "expect.h"

enum { WORDS = 64, BYTES = 8 };

/* As the interpreter's structures have them, in words of 64 bits. */
enum { RUNTIME_INTERPRETERS = 5, INTERPRETER_NEXT = 0, INTERPRETER_THREADS = 9 };
enum { THREAD_NEXT = 1, THREAD_CFRAME = 7, THREAD_TID = 18 };
enum { CFRAME_FRAME = 0, CFRAME_PREVIOUS = 1 };
enum { FRAME_CODE = 0, FRAME_PREVIOUS = 1, FRAME_OWNER_BYTE = 70 };
enum { OBJECT_TYPE = 1, CODE_FILE = 14, CODE_NAME = 16 };
enum { TEXT_LENGTH = 2, TEXT_STATE = 4, TEXT_CHARACTERS = 5, ASCII_STATE = 1 << 2 | 3 << 5 };

extern uint64_t _PyRuntime[WORDS], PyCode_Type[WORDS], PyUnicode_Type[WORDS];
uint64_t _PyRuntime[WORDS], PyCode_Type[WORDS], PyUnicode_Type[WORDS];
extern const unsigned long Py_Version;
const unsigned long Py_Version = 0x030c01f0;

struct object {
	uint64_t words[WORDS];
};

static struct object interpreter, thread, frames[3], codes[2], texts[3], last_cframe;

static uint64_t at(const void *object)
{
	return (uint64_t)(uintptr_t)object;
}

static void make_text(struct object *text, const char *characters)
{
	text->words[OBJECT_TYPE] = at(PyUnicode_Type);
	text->words[TEXT_LENGTH] = strlen(characters);
	text->words[TEXT_STATE] = ASCII_STATE;
	memcpy(&text->words[TEXT_CHARACTERS], characters, strlen(characters));
}

static void make_function(struct object *frame, struct object *code, const struct object *name)
{
	code->words[OBJECT_TYPE] = at(PyCode_Type);
	code->words[CODE_FILE] = at(&texts[2]);
	code->words[CODE_NAME] = at(name);
	frame->words[FRAME_CODE] = at(code);
	frame->words[FRAME_PREVIOUS] = at(frame + 1);
}

static void make_all(void)
{
	static const char entry_owner = 3;

	_PyRuntime[RUNTIME_INTERPRETERS] = at(&interpreter);
	interpreter.words[INTERPRETER_THREADS] = at(&thread);
	thread.words[THREAD_TID] = (uint64_t)syscall(SYS_gettid);
	make_text(&texts[0], "py_inner");
	make_text(&texts[1], "py_outer");
	make_text(&texts[2], "/somewhere/fake.py");
	make_function(&frames[0], &codes[0], &texts[0]);
	make_function(&frames[1], &codes[1], &texts[1]);
	memcpy((char *)&frames[2] + FRAME_OWNER_BYTE, &entry_owner, 1);
}

static void spoil(const char *how, uint64_t *cframe)
{
	if (strcmp(how, "round") == 0) {
		interpreter.words[INTERPRETER_NEXT] = at(&interpreter);
		thread.words[THREAD_NEXT] = at(&thread);
		frames[1].words[FRAME_PREVIOUS] = at(&frames[0]);
		last_cframe.words[CFRAME_FRAME] = at(&frames[1]);
		last_cframe.words[CFRAME_PREVIOUS] = at(cframe);
	} else if (strcmp(how, "wild") == 0) {
		frames[1].words[FRAME_CODE] = UINT64_MAX - BYTES;
	} else if (strcmp(how, "type") == 0) {
		codes[1].words[OBJECT_TYPE] = at(PyUnicode_Type);
	} else if (strcmp(how, "long") == 0) {
		texts[1].words[TEXT_LENGTH] = UINT64_MAX / 2;
	} else if (strcmp(how, "escapes") == 0) {
		make_text(&texts[1], "py\033]0;\n\r#");
	}
}

void probed(void)
{
	__asm__ volatile("");
}

static void evaluates(const char *how)
{
	volatile uint64_t cframe[2];

	cframe[CFRAME_FRAME] = at(&frames[0]);
	cframe[CFRAME_PREVIOUS] = at(&last_cframe);
	thread.words[THREAD_CFRAME] = at((const void *)cframe);
	spoil(how, (uint64_t *)cframe);
	probed();
}

int main(int argc, char **argv)
{
	expect("calls probed 1");
	make_all();
	evaluates(argc > 1 ? argv[1] : "good");
	return 0;
}
