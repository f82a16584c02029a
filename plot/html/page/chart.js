// The curves: dygraphs draws them, of two points a column of dots.

const Y_LABEL_WIDTH = 64, COLUMNS_MOST = 2000;

class Chart {
	constructor(model, view, room) {
		this.model = model;
		this.view = view;
		this.room = room;
		this.graph = null;
		this.area = { x: 0, y: 0, w: 1, h: 1 };
		this.memory = { low: 0, high: 1 };
		this.rows = [];
		this.drawn = []; // the curves, in order of the rows' fields
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
		this.drawn = this.seenCurves();
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
		this.memory = { low: low * 1.06, high: high > 0 ? high * 1.06 : 1 };
	}

	timeTicks(from, to, pixels) {
		const { view, model } = this, wanted = Math.max(2, Math.floor(pixels / (view.isClock ? 110 : 90)));
		const step = timeStep(to - from, wanted, view.isClock);
		const midnight = new Date(model.startMs);
		midnight.setHours(0, 0, 0, 0);
		const zero = view.isClock && step >= 1 ? (midnight.getTime() - model.startMs) / 1000
			: view.isClock ? -(model.startMs / 1000 % 1) : 0;
		return placeTicks(from, to, step, zero).map((v) => ({
			v, label: view.isClock ? formatClock(v, model.startMs, step) : formatSince(v, step),
		}));
	}

	looks() {
		const series = {};
		for (const curve of this.drawn) {
			series[curve.id] = { color: colors.get(curve.color), strokeWidth: curve.width,
				strokePattern: curve.dash, fillGraph: curve.isFilled && !this.model.isPair };
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
			resizable: "no",
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
