// D: functions, methods, templates.
import std.stdio;

int countPlain, countMethod, countTemplate;

pragma(inline, false) int plain(int x)
{
	countPlain++;
	return x + 1;
}

class Disc
{
	int radius = 1;
	pragma(inline, false) int grow(int by)
	{
		countMethod++;
		return radius += by;
	}
}

pragma(inline, false) T twice(T)(T x)
{
	countTemplate++;
	return cast(T)(x + x);
}

void main()
{
	auto disc = new Disc;
	int sum = 0;
	foreach (i; 0 .. 4)
		sum += plain(i) + disc.grow(i);
	sum += twice(2) + cast(int) twice(3L);
	writeln("count plain ", countPlain);
	writeln("count method ", countMethod);
	writeln("count template ", countTemplate);
	writeln("sum ", sum);
}
