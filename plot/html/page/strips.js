// Functions called too often for brackets: over the same time, how often, how long, and what they gained.

const STRIPS_MOST = 6, STRIP_LEAST = 50, STRIP_HEIGHT = 46, CELL_WIDTH = 3;

class Strips {
	constructor(model, view, chart, marks, room, canvas) {
		Object.assign(this, { model, view, chart, marks, room, canvas });
		this.shown = [];
	}

	begin(func) {
		const count = Math.max(1, Math.floor(this.chart.area.w / CELL_WIDTH));
		return { func, cell: this.view.span / count, count, calls: new Float64Array(count), busy: new Float64Array(count),
			full: new Float64Array(count + 1), gained: new Float64Array(count) };
	}

	// One strip for each of the functions.
	fill(hot) {
		const { calls } = this.model.profiles[0], { from, to } = this.view, stripOf = [];
		for (const { func, f } of hot)
			stripOf[f] = this.begin(func);
		for (let i = 0; i < calls.count && calls.from[i] <= to; i++) {
			const strip = stripOf[calls.func[i]];
			if (strip !== undefined && calls.to[i] >= from)
				this.add(strip, calls.from[i] - from, calls.to[i] - from, 1, 1, calls.mibOut[i] - calls.mibIn[i]);
		}
		return hot.map(({ func, f }) => {
			const strip = stripOf[f];
			for (const window of func.condensed[0] ?? [])
				if (window.to > from && window.from < to)
					this.spread(strip, window);
			for (let i = 0, full = 0; i < strip.count; i++) {
				full += strip.full[i];
				strip.busy[i] = Math.min(1, strip.busy[i] + full);
			}
			return strip;
		});
	}

	// A call, or a piece of a window that has @number of them and is busy for @share of its time.
	add(strip, from, to, number, share, gained) {
		const first = from / strip.cell, last = to / strip.cell;
		const a = Math.floor(first), b = Math.floor(last);
		if (a >= 0 && a < strip.count)
			strip.calls[a] += number;
		if (b >= 0 && b < strip.count)
			strip.gained[b] += gained;
		const begin = Math.max(0, first), end = Math.min(strip.count, last);
		if (!(end > begin))
			return;
		const low = Math.floor(begin), high = Math.floor(end);
		if (low === high) {
			strip.busy[low] += (end - begin) * share;
			return;
		}
		strip.busy[low] += (low + 1 - begin) * share;
		if (high < strip.count)
			strip.busy[high] += (end - high) * share;
		strip.full[low + 1] += share;
		strip.full[high] -= share;
	}

	// Condensed calls are spread evenly over their window.
	spread(strip, window) {
		const length = window.to - window.from, pieces = Math.max(1, Math.min(400, Math.ceil(length / strip.cell)));
		const share = length > 0 ? Math.min(1, window.total / length) : 1;
		for (let i = 0; i < pieces; i++) {
			const at = window.from - this.view.from + length * i / pieces;
			this.add(strip, at, at + length / pieces, window.count / pieces, share, window.gained / pieces);
		}
	}

	drawStrip(context, strip, top) {
		const { area } = this.chart, base = top + STRIP_HEIGHT - 15, height = STRIP_HEIGHT - 31;
		const most = Math.max(...strip.calls, 1e-9), moved = Math.max(...strip.gained.map(Math.abs), 1e-9);
		const color = colors.get(strip.func.color), isDim = this.view.highlighted !== null &&
			this.view.highlighted !== strip.func;
		context.globalAlpha = isDim ? 0.3 : 1;
		context.font = "11px system-ui, sans-serif";
		context.textBaseline = "alphabetic";
		context.fillStyle = colors.get("--text");
		const right = `up to ${formatCount(most / strip.cell)} calls/s`;
		context.textAlign = "right";
		context.fillText(right, area.x + area.w, top + 11);
		context.textAlign = "left";
		drawShortened(context, strip.func.brief, area.x, top + 11, area.w - context.measureText(right).width - 12);
		for (let i = 0; i < strip.count; i++) {
			const x = area.x + i * CELL_WIDTH, tall = strip.calls[i] / most * height;
			if (strip.calls[i] > 0) {
				context.globalAlpha = (isDim ? 0.3 : 1) * (0.35 + 0.65 * strip.busy[i]);
				context.fillStyle = color;
				context.fillRect(x, base - Math.max(tall, 1), CELL_WIDTH - 0.6, Math.max(tall, 1));
			}
			context.globalAlpha = isDim ? 0.3 : 1;
			const gain = strip.gained[i] / moved * 6;
			if (Math.abs(gain) >= 0.3) {
				context.fillStyle = colors.get(gain > 0 ? "--peak" : "--main");
				context.fillRect(x, gain > 0 ? base + 7 - gain : base + 7, CELL_WIDTH - 0.6, Math.abs(gain));
			}
		}
		context.globalAlpha = 1;
		context.fillStyle = colors.get("--grid");
		context.fillRect(area.x, base, area.w, 1);
	}

	draw() {
		const hot = this.marks.hot.filter(({ func, calls }) => calls >= STRIP_LEAST || this.marks.hasCondensed(func))
			.slice(0, STRIPS_MOST);
		this.room.hidden = hot.length === 0;
		this.shown = this.fill(hot);
		if (hot.length === 0)
			return;
		const height = hot.length * STRIP_HEIGHT;
		const context = beginCanvas(this.canvas, this.chart.room.clientWidth, height);
		this.shown.forEach((strip, i) => this.drawStrip(context, strip, i * STRIP_HEIGHT));
	}

	// Lines for a tip.
	wordsAt(x, y) {
		const strip = this.shown[Math.floor(y / STRIP_HEIGHT)];
		const i = strip ? Math.floor((x - this.chart.area.x) / CELL_WIDTH) : -1;
		if (!strip || !(i >= 0 && i < strip.count))
			return null;
		return [strip.func.name, `${formatCount(strip.calls[i] / strip.cell)} calls/s, ` +
			`${Math.round(strip.busy[i] * 100)} % of the time within`, `memory ${formatChange(strip.gained[i])}`];
	}
}

// Cuts the end off where there is no room.
function drawShortened(context, text, x, y, width) {
	let shown = text.length > 400 ? text.slice(0, 400) : text;
	if (context.measureText(shown).width > width) {
		let low = 0, high = shown.length;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (context.measureText(`${shown.slice(0, middle)}…`).width <= width)
				low = middle;
			else
				high = middle - 1;
		}
		shown = low > 0 ? `${shown.slice(0, low)}…` : "";
	}
	context.fillText(shown, x, y);
}
