// Samples of one process: any stretch of them has its lowest and highest at once, whatever its length.

const PYRAMID_STEP = 16;

// The first index whose number is at least @wanted.
function findFirst(numbers, wanted) {
	let low = 0, high = numbers.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (numbers[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// The first index whose number is above @wanted.
function findBehind(numbers, wanted) {
	let low = 0, high = numbers.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (numbers[middle] <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

class Series {
	// @t: in seconds since the start, in order; @mib: as many.
	constructor(t, mib) {
		this.t = t;
		this.mib = mib;
		this.count = t.length;
		this.levels = []; // of each step the indices of the lowest and of the highest sample
		for (let count = this.count; count > PYRAMID_STEP;) {
			const below = this.levels[this.levels.length - 1];
			const above = Math.ceil(count / PYRAMID_STEP);
			const low = new Uint32Array(above), high = new Uint32Array(above);
			for (let i = 0; i < count; i++) {
				const to = Math.floor(i / PYRAMID_STEP), isFirst = i % PYRAMID_STEP === 0;
				const l = below ? below.low[i] : i, h = below ? below.high[i] : i;
				if (isFirst || mib[l] < mib[low[to]])
					low[to] = l;
				if (isFirst || mib[h] > mib[high[to]])
					high[to] = h;
			}
			this.levels.push({ low, high });
			count = above;
		}
	}

	// The indices of the lowest and the highest sample from index @from to before @to, which is more.
	extremes(from, to) {
		const mib = this.mib, found = { low: from, high: from };
		const take = (low, high) => {
			if (mib[low] < mib[found.low])
				found.low = low;
			if (mib[high] > mib[found.high])
				found.high = high;
		};
		// Up the pyramid as far as whole steps fit, taking what hangs over on both sides.
		let level = -1, a = from, b = to;
		const takeAt = (i) => (level < 0 ? take(i, i) : take(this.levels[level].low[i], this.levels[level].high[i]));
		while (a < b) {
			while (a < b && a % PYRAMID_STEP !== 0)
				takeAt(a++);
			while (a < b && b % PYRAMID_STEP !== 0)
				takeAt(--b);
			if (level + 1 >= this.levels.length)
				while (a < b)
					takeAt(a++);
			a /= PYRAMID_STEP;
			b /= PYRAMID_STEP;
			level++;
		}
		return found;
	}

	// Between two samples as the line goes; null where there is none.
	at(time) {
		const { t, mib, count } = this;
		if (count === 0 || !(time >= t[0] && time <= t[count - 1]))
			return null;
		const i = findFirst(t, time);
		if (t[i] === time || i === 0)
			return mib[i];
		return mib[i - 1] + (mib[i] - mib[i - 1]) * (time - t[i - 1]) / (t[i] - t[i - 1]);
	}

	// Of the line from one time to another: peak, mean, change; null where there is no line.
	figures(from, to) {
		const { t, mib } = this, start = Math.max(from, t[0]), end = Math.min(to, t[this.count - 1]);
		if (!(start <= end))
			return null;
		const first = findFirst(t, start), last = findBehind(t, end), mibStart = this.at(start), mibEnd = this.at(end);
		let peak = Math.max(mibStart, mibEnd), peakAt = mibStart >= mibEnd ? start : end;
		if (last > first) {
			const { high } = this.extremes(first, last);
			if (mib[high] >= peak)
				[peak, peakAt] = [mib[high], t[high]];
		}
		let area = 0, time = start, value = mibStart;
		for (let i = first; i < last; i++) {
			area += (t[i] - time) * (mib[i] + value) / 2;
			time = t[i];
			value = mib[i];
		}
		area += (end - time) * (mibEnd + value) / 2;
		return { peak, peakAt, mean: end > start ? area / (end - start) : mibStart, change: mibEnd - mibStart };
	}
}

// The straight line's, by least squares, in MiB a second; null: there is none. As in the tables, of samples
// alone: calls come in crowds.
function slopeOf({ t, mib }, from, to) {
	const first = findFirst(t, from), last = findBehind(t, to), n = last - first;
	let sumT = 0, sumM = 0, sumTT = 0, sumTM = 0;
	for (let i = first; i < last; i++) {
		const x = t[i] - t[first], y = mib[i] - mib[first];
		sumT += x;
		sumM += y;
		sumTT += x * x;
		sumTM += x * y;
	}
	const spread = n * sumTT - sumT * sumT;
	return n > 1 && spread > 0 ? (n * sumTM - sumT * sumM) / spread : null;
}

// What a curve has at times @xs, two in each of the equally wide columns from @from on: a column's
// lowest and highest in their order, or, where it has no sample, the line between its neighbours.
function fillColumns(series, from, width, xs, values) {
	const { t, mib, count } = series;
	let first = findFirst(t, from);
	for (let i = 0; i < xs.length; i += 2) {
		const end = from + (i / 2 + 1) * width;
		const next = first < count && t[first] < end ? findFirstFrom(t, first, end) : first;
		if (next > first) {
			const { low, high } = series.extremes(first, next);
			values[i] = mib[Math.min(low, high)];
			values[i + 1] = mib[Math.max(low, high)];
		} else {
			values[i] = lineAt(series, first, xs[i]);
			values[i + 1] = lineAt(series, first, xs[i + 1]);
		}
		first = next;
	}
}

// As findFirst, from index @from on, where the place is likely to be near.
function findFirstFrom(numbers, from, wanted) {
	let step = 1, low = from;
	while (low + step < numbers.length && numbers[low + step] < wanted) {
		low += step;
		step *= 2;
	}
	let high = Math.min(low + step, numbers.length);
	while (low < high) {
		const middle = (low + high) >> 1;
		if (numbers[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// On the line that leads to the sample @next; null outside of all.
function lineAt(series, next, time) {
	const { t, mib, count } = series;
	if (next === 0 || next >= count)
		return null;
	return mib[next - 1] + (mib[next] - mib[next - 1]) * (time - t[next - 1]) / (t[next] - t[next - 1]);
}
