// What the main curve's memory was made of: layers below it, the largest at the bottom; and limits of it.

const LAYER_FILL = 0.45, LIMIT_FAR = 1.6;

const layerColor = (i) => `--cycle-${(7 + 7 * i) % 10}`;

// Of the payload, or of nothing. Of two profiles neither has layers: they would hide each other.
function makeAreas(profiles) {
	const [profile] = profiles, isPair = profiles.length > 1, { stack } = profile;
	const layers = isPair || stack === undefined ? [] : stack.layers.map((layer, i) => ({ ...layer, color: layerColor(i) }));
	const t = layers.length > 0 ? stack.t : [], sums = t.map(() => 0);
	for (const { mib } of layers)
		mib.forEach((value, i) => (sums[i] += value));
	return { layers, t, sums, limits: isPair ? [] : profile.limits ?? [], beside: isPair ? [] : profile.beside ?? [] };
}

class Areas {
	constructor(model, view) {
		Object.assign(this, { ...model.areas, model, view });
	}

	// They are the main curve's.
	get isShown() {
		return this.layers.length > 0 && this.model.curves.some((curve) => curve.isMain && !curve.isHidden);
	}

	// The times in view, and one more on each side.
	indices() {
		const { from, to } = this.view;
		return [Math.max(0, findFirst(this.t, from) - 1), Math.min(this.t.length, findBehind(this.t, to) + 1)];
	}

	// The highest of all together in view, and limits that are near to @high.
	highest(high) {
		if (this.isShown) {
			const [first, last] = this.indices();
			for (let i = first; i < last; i++)
				high = Math.max(high, this.sums[i]);
		}
		const far = high * LIMIT_FAR;
		return this.limits.reduce((most, { mib }) => mib <= far ? Math.max(most, mib) : most, high);
	}

	drawLayers(context, chart) {
		const [first, last] = this.indices(), below = new Float64Array(this.t.length);
		for (const { mib, color } of this.layers) {
			context.beginPath();
			for (let i = first; i < last; i++)
				context.lineTo(chart.xOf(this.t[i]), chart.yOf(below[i] + mib[i]));
			for (let i = last; i-- > first;)
				context.lineTo(chart.xOf(this.t[i]), chart.yOf(below[i]));
			context.closePath();
			context.fillStyle = colors.get(color);
			context.globalAlpha = LAYER_FILL;
			context.fill();
			for (let i = first; i < last; i++)
				below[i] += mib[i];
		}
		context.globalAlpha = 1;
	}

	draw(context, chart) {
		const { area } = chart;
		context.save();
		context.beginPath();
		context.rect(area.x, area.y, area.w, area.h);
		context.clip();
		if (this.isShown)
			this.drawLayers(context, chart);
		context.strokeStyle = colors.get("--text");
		context.lineWidth = 1;
		this.limits.forEach(({ mib }, i) => {
			const y = Math.round(chart.yOf(mib)) + 0.5;
			context.setLineDash([[9, 3], [3, 3], [9, 3, 3, 3]][i % 3]);
			context.beginPath();
			context.moveTo(area.x, y);
			context.lineTo(area.x + area.w, y);
			context.stroke();
		});
		context.restore();
	}

	// What each layer has at a time, from the top down.
	at(time) {
		const { t } = this, i = findBehind(t, time) - 1;
		if (!this.isShown || i < 0 || time > t[t.length - 1])
			return [];
		const next = Math.min(i + 1, t.length - 1), share = t[next] > t[i] ? (time - t[i]) / (t[next] - t[i]) : 0;
		return this.layers.map((layer) => ({ ...layer, value: layer.mib[i] + (layer.mib[next] - layer.mib[i]) * share }))
			.filter(({ value }) => value > 0).reverse();
	}

	row({ name, color }, amount) {
		return element("div", { class: "row part" }, color === null ? null : swatch({ color }, true),
			element("span", { class: "name" }, name), element("span", { class: "amount" }, amount));
	}

	// For the legend: what there was at the highest, and the limits.
	legend() {
		const rows = [], { sums } = this, high = sums.indexOf(Math.max(...sums));
		if (this.layers.length > 0)
			rows.push(element("div", { class: "legend-head" }, element("h2", {}, "At the highest")),
				...this.layers.map((layer) => this.row(layer, formatMemory(layer.mib[high]))).reverse());
		if (this.limits.length > 0)
			rows.push(element("div", { class: "legend-head" }, element("h2", {}, "Limits")),
				...this.limits.map(({ name, mib }) => this.row({ name, color: null }, formatMemory(mib))));
		return rows;
	}
}
