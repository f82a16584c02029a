/* Calls both versions of the symbol of versions.c. */
int area(int x, int y);
int area_first(int x);
void print_counts(void);
__asm__(".symver area_first, area@VER_1");

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += area(i, 2);
	for (int i = 0; i < 2; i++)
		sum += area_first(i);
	print_counts();
	return sum == 0;
}
