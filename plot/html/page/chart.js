// The curves: dygraphs draws them, of two points a column of dots. It takes 50 ms for thirty of them and
// seconds for a thousand: the smaller ones of a crowd are lines of our own below its lines.

const Y_LABEL_WIDTH = 64, COLUMNS_MOST = 2000, CURVES_MOST = 24, POINTS_MOST = 4000;

// The indices of a curve's samples in a range of time, and one more on each side.
function indicesIn({ t, count }, from, to) {
	return [Math.max(0, findFirst(t, from) - 1), Math.min(count, findBehind(t, to) + 1)];
}

class Chart {
	constructor(model, view, room) {
		this.model = model;
		this.areas = new Areas(model, view);
		this.view = view;
		this.room = room;
		this.graph = null;
		this.area = { x: 0, y: 0, w: 1, h: 1 };
		this.memory = { low: 0, high: 1 };
		this.rows = [];
		this.seen = []; // curves in view
		this.drawn = []; // of them dygraphs', in order of the rows' fields
		this.crowd = []; // the others
	}

	timeAt(x) {
		return this.view.from + (x - this.area.x) / this.area.w * this.view.span;
	}

	xOf(time) {
		return this.area.x + (time - this.view.from) / this.view.span * this.area.w;
	}

	memoryAt(y) {
		return this.memory.high - (y - this.area.y) / this.area.h * (this.memory.high - this.memory.low);
	}

	yOf(mib) {
		const { low, high } = this.memory;
		return this.area.y + (high - mib) / (high - low) * this.area.h;
	}

	seenCurves() {
		const { from, to } = this.view;
		return this.model.curves.filter(({ isHidden, series }) =>
			!isHidden && series.t[0] <= to && series.t[series.count - 1] >= from);
	}

	fillRows() {
		const { from, to } = this.view;
		const columns = Math.max(50, Math.min(COLUMNS_MOST, Math.floor(this.room.clientWidth - Y_LABEL_WIDTH)));
		const width = (to - from) / columns, xs = new Float64Array(2 * columns);
		for (let i = 0; i < xs.length; i++)
			xs[i] = from + (i / 2 + 0.25) * width;
		this.seen = this.seenCurves();
		this.drawn = this.seen.slice(0, CURVES_MOST);
		this.crowd = this.seen.slice(CURVES_MOST);
		const fields = this.drawn.map(({ series }) => {
			const values = new Array(xs.length);
			fillColumns(series, from, width, xs, values);
			return values;
		});
		this.rows = Array.from(xs, (x, i) => {
			const row = new Array(fields.length + 1);
			row[0] = x;
			for (let f = 0; f < fields.length; f++)
				row[f + 1] = fields[f][i];
			return row;
		});
		if (fields.length === 0)
			this.rows.forEach((row) => row.push(null));
		this.fields = fields;
	}

	fitMemory() {
		if (this.view.memory !== null) {
			this.memory = this.view.memory;
			return;
		}
		let low = 0, high = 0;
		for (const values of this.fields) {
			for (const value of values) {
				if (value !== null && value > high)
					high = value;
				if (value !== null && value < low)
					low = value;
			}
		}
		for (const { series } of this.crowd) {
			const extremes = series.extremes(...indicesIn(series, this.view.from, this.view.to));
			high = Math.max(high, series.mib[extremes.high]);
			low = Math.min(low, series.mib[extremes.low]);
		}
		high = this.areas.highest(high);
		this.memory = { low: low * 1.06, high: high > 0 ? high * 1.06 : 1 };
	}

	timeTicks(from, to, pixels) {
		const { view, model } = this, wanted = Math.max(2, Math.round(pixels / (view.isClock ? 110 : 80)));
		const step = timeStep(to - from, wanted, view.isClock);
		const midnight = new Date(model.startMs);
		midnight.setHours(0, 0, 0, 0);
		const zero = view.isClock && step >= 1 ? (midnight.getTime() - model.startMs) / 1000
			: view.isClock ? -(model.startMs / 1000 % 1) : 0;
		return placeTicks(from, to, step, zero).map((v) => ({
			v, label: view.isClock ? formatClock(v, model.startMs, step) : formatSince(v, step, to >= 180),
		}));
	}

	// The path of a curve, as fine as it is seen.
	trace(context, { series }) {
		const { t, mib } = series, [first, last] = indicesIn(series, this.view.from, this.view.to);
		const step = Math.max(1, Math.ceil((last - first) / POINTS_MOST) * 2);
		context.beginPath();
		for (let i = first; i < last; i += step) {
			if (step === 1) {
				context.lineTo(this.xOf(t[i]), this.yOf(mib[i]));
				continue;
			}
			const { low, high } = series.extremes(i, Math.min(i + step, last));
			for (const k of [Math.min(low, high), Math.max(low, high)])
				context.lineTo(this.xOf(t[k]), this.yOf(mib[k]));
		}
	}

	// Below dygraphs' lines: those of the crowd, and a dot where one sample is all there is.
	drawBelow(context, area) {
		this.area = area;
		this.areas.draw(context, this);
		context.save();
		context.lineWidth = 1;
		for (const curve of this.crowd) {
			context.strokeStyle = colors.get(curve.color);
			this.trace(context, curve);
			context.stroke();
		}
		for (const { series, color } of this.seen.filter((curve) => curve.series.count === 1)) {
			context.fillStyle = colors.get(color);
			context.beginPath();
			context.arc(this.xOf(series.t[0]), this.yOf(series.mib[0]), 3.5, 0, 7);
			context.fill();
		}
		context.restore();
	}

	looks() {
		const series = {};
		for (const curve of this.drawn) {
			series[curve.id] = { color: colors.get(curve.color), strokeWidth: curve.width,
				strokePattern: curve.dash, fillGraph: curve.isFilled && !this.model.isPair &&
					this.areas.layers.length === 0 };
		}
		return series;
	}

	options() {
		const isBare = this.drawn.length === 0;
		return {
			labels: ["time", ...(isBare ? ["none"] : this.drawn.map((curve) => curve.id))],
			series: isBare ? {} : this.looks(),
			dateWindow: [this.view.from, this.view.to],
			valueRange: [this.memory.low, this.memory.high],
			gridLineColor: colors.get("--grid"),
			axisLineColor: colors.get("--spine"),
		};
	}

	create() {
		Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin === Dygraph.Plugins.Axes ||
			plugin === Dygraph.Plugins.Grid);
		this.graph = new Dygraph(byId("curves"), this.rows, {
			...this.options(),
			axes: {
				x: { ticker: (from, to, pixels) => this.timeTicks(from, to, pixels), axisLabelFontSize: 12,
					axisLabelWidth: 90 },
				y: { ticker: (low, high, pixels) => memoryTicks(low, high, Math.max(2, pixels / 42)),
					axisLabelFontSize: 12, axisLabelWidth: Y_LABEL_WIDTH - 6 },
			},
			legend: "never", showLabelsOnHighlight: false, highlightCircleSize: 0, interactionModel: {},
			fillAlpha: 0.1, gridLineWidth: 1, axisLineWidth: 1, axisTickSize: 6, rightGap: 14,
			resizable: "no", underlayCallback: (context, area) => this.drawBelow(context, area),
		});
	}

	draw() {
		this.fillRows();
		this.fitMemory();
		if (this.graph === null)
			this.create();
		else
			this.graph.updateOptions({ file: this.rows, ...this.options() });
		this.area = this.graph.getArea();
	}

	resize() {
		this.graph?.resize();
	}
}
