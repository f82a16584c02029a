/* words FILE: the word that the file has most often, case left aside. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	struct word *next;
	char *text;
	long count;
};
static struct word *table[4096];

static char *fold(const char *text)
{
	char *copy = strdup(text);
	for (char *c = copy; *c; c++)
		*c = tolower((unsigned char)*c);
	return copy;
}

static struct word *lookup(const char *text)
{
	char *folded = fold(text);
	unsigned hash = 0;
	for (char *c = folded; *c; c++)
		hash = hash * 31 + *c;
	struct word **at = &table[hash % 4096];
	for (; *at; at = &(*at)->next)
		if (strcmp((*at)->text, folded) == 0)
			return *at;
	*at = calloc(1, sizeof(**at));
	(*at)->text = folded;
	return *at;
}

static void read_words(FILE *file)
{
	char text[100];
	for (; !feof(file); fscanf(file, "%*[^A-Za-z]"))
		if (fscanf(file, "%99[A-Za-z]", text) == 1)
			lookup(text)->count++;
}

int main(int argc, char **argv)
{
	struct word *most = NULL;
	FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
	if (!file)
		return 1;
	read_words(file);
	for (int i = 0; i < 4096; i++)
		for (struct word *word = table[i]; word; word = word->next)
			if (!most || word->count > most->count)
				most = word;
	printf("%s %ld\n", most->text, most->count);
	return 0;
}
