#!/bin/bash
# The pictures of README.md, of programs that a Debian has: pictures.sh DIRECTORY. `make pictures` calls it.
# Environment: MPROF_TRACE. Figures differ from machine to machine, what is to be seen does not.
set -euo pipefail

mkdir -p "$1"
pictures=$(realpath "$1")
source=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-pictures.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/build"
ln -s "$(readlink -f "$MPROF_TRACE")" "$work/bin/mprof-trace"
ln -s /usr/bin/python3 "$work/bin/python3"
PATH=$work/bin:$PATH
cd "$work"
set -x

# 1. Functions of a library: where ImageMagick's memory comes and goes.
mprof-trace -q -T 0.01 -f ReadImage,ResizeImage,BlurImageChannel,RotateImage,WriteImage -o convert.dat \
	convert-im6.q16 -size 1600x1200 plasma:red-blue -resize 200% -blur 0x4 -rotate 20 -resize 50% out.jpg
mprof-trace plot -o functions.png convert.dat

# 2. Functions of Python: which one keeps what a service grows by. The programs are the tutorial's.
cp "$source"/man/tutorial/*.py .
mprof-trace -q --python -T 0.02 -f service.py:cached,service.py:render,service.py:about -o service.dat python3 service.py &
python3 clients.py 1000
kill $!
wait
mprof-trace plot -o python.png service.dat

# 3. All processes of a build, and their sum.
cat >Makefile <<END
files = \$(basename \$(notdir \$(wildcard $source/plot/layout/*.c)))
all: \$(files:%=build/%.o)
build/%.o: $source/plot/layout/%.c
	gcc -std=gnu11 -D_GNU_SOURCE -O2 -g -I$source -c -o \$@ \$<
END
mprof-trace -q -C -M --with cpu -T 0.02 -o build.dat make -s -j2
mprof-trace plot -o processes.png build.dat

# Few colours are enough, and a third of the bytes.
for picture in functions python processes; do
	convert-im6.q16 "$picture.png" +dither -colors 96 "PNG8:$pictures/$picture.png"
done
