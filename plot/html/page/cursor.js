// The crosshair, which reads all curves at one time, and the selected range.

const READINGS_MOST = 12;

class Cursor {
	constructor(model, view, chart, canvas, tip, spoken) {
		Object.assign(this, { model, view, chart, canvas, tip, spoken });
		this.words = null; // of what the pointer rests on, first in the tip
		this.place = null; // of the pointer, in the window
	}

	// What each curve that is shown has at a time, the highest first.
	readings(time) {
		return this.chart.seen.map((curve) => ({ curve, mib: curve.series.at(time) }))
			.filter(({ mib }) => mib !== null).sort((a, b) => b.mib - a.mib);
	}

	formatTime(time) {
		const step = 10 ** Math.floor(Math.log10(Math.max(this.view.span / this.chart.area.w, 1e-9)));
		return this.view.isClock ? formatClock(time, this.model.startMs, Math.min(step, 1))
			: formatSince(time, Math.min(step, 60));
	}

	drawSelection(context) {
		const { selection } = this.view, { chart } = this, { area } = chart;
		if (selection === null)
			return;
		const left = Math.max(chart.xOf(selection.from), area.x), right = Math.min(chart.xOf(selection.to), area.x + area.w);
		if (right <= left)
			return;
		context.fillStyle = colors.get("--main");
		context.globalAlpha = 0.14;
		context.fillRect(left, area.y, right - left, area.h);
		context.globalAlpha = 0.8;
		context.fillRect(left, area.y, 1, area.h);
		context.fillRect(right - 1, area.y, 1, area.h);
		context.globalAlpha = 1;
	}

	draw() {
		const { chart, view } = this, { area } = chart;
		const context = beginCanvas(this.canvas, chart.room.clientWidth, chart.room.clientHeight);
		this.drawSelection(context);
		const time = view.cursor;
		if (time === null || time < view.from || time > view.to) {
			this.showHair(null);
			this.showTip([]);
			return;
		}
		const x = Math.round(chart.xOf(time)) + 0.5, readings = this.readings(time);
		context.strokeStyle = colors.get("--spine");
		context.setLineDash([3, 3]);
		context.beginPath();
		context.moveTo(x, area.y);
		context.lineTo(x, area.y + area.h);
		context.stroke();
		context.setLineDash([]);
		for (const { curve, mib } of readings) {
			context.fillStyle = colors.get(curve.color);
			context.strokeStyle = colors.get("--paper");
			context.lineWidth = 1.5;
			context.beginPath();
			context.arc(x, chart.yOf(mib), 4, 0, 7);
			context.fill();
			context.stroke();
		}
		this.showHair(x);
		this.showTip(readings);
	}

	// Through what is below the curves, too. @x: null for none.
	showHair(x) {
		const hair = byId("hair"), { room } = this.chart;
		const below = [byId("beside"), byId("strips"), byId("lanes")].filter((part) => !part.hidden);
		hair.hidden = x === null || below.length === 0;
		if (hair.hidden)
			return;
		const top = room.offsetTop + this.chart.area.h, last = below[below.length - 1];
		hair.style.left = `${room.offsetLeft + Math.floor(x)}px`;
		hair.style.top = `${top}px`;
		hair.style.height = `${last.offsetTop + last.offsetHeight - top}px`;
	}

	// Beside the pointer, or, when the cursor is moved by keys, beside its line.
	showTip(readings) {
		const { tip, view } = this;
		tip.hidden = view.cursor === null && this.words === null;
		if (tip.hidden)
			return;
		const parts = [];
		if (this.words !== null)
			parts.push(element("div", { class: "tip-words" }, ...this.words.map((line) => element("div", {}, line))));
		if (view.cursor !== null)
			parts.push(element("div", { class: "tip-time" }, this.formatTime(view.cursor)));
		for (const { curve, mib } of readings.slice(0, READINGS_MOST))
			parts.push(element("div", { class: "tip-row" }, swatch(curve, false),
				nameOf(curve), element("b", {}, formatMemory(mib))));
		if (readings.length > READINGS_MOST)
			parts.push(element("div", { class: "quiet" }, `and ${readings.length - READINGS_MOST} more`));
		if (view.cursor !== null)
			parts.push(...this.layerRows());
		parts.push(...this.stackRows(readings));
		tip.replaceChildren(...parts);
		this.placeTip();
	}

	// What the main curve's memory was made of.
	layerRows() {
		return this.chart.areas.at(this.view.cursor).map(({ name, color, value }) => element("div", { class: "tip-row" },
			swatch({ color }, true), element("span", { class: "name" }, name), element("b", {}, formatMemory(value))));
	}

	// What the process of the highest curve with stacks was doing at its last peak.
	stackRows(readings) {
		for (const { curve } of readings) {
			const lines = peakStackAt(this.model.profiles[curve.profile], curve.process, this.view.cursor);
			if (lines.length > 0)
				return [element("div", { class: "tip-stack" }, ...lines.map((line) => element("div", {}, line)))];
		}
		return [];
	}

	placeTip() {
		const box = this.chart.room.getBoundingClientRect(), { tip } = this;
		const x = this.place?.x ?? box.left + this.chart.xOf(this.view.cursor ?? 0);
		const y = this.place?.y ?? box.top + this.chart.area.h / 3;
		const width = tip.offsetWidth, height = tip.offsetHeight, gap = 14;
		const edge = document.documentElement.clientWidth;
		const left = x + gap + width <= edge - 4 ? x + gap : x - gap - width >= 4 ? x - gap - width : 4;
		tip.style.left = `${Math.max(4, Math.min(left, edge - width - 4))}px`;
		tip.style.top = `${Math.max(4, Math.min(y + gap, innerHeight - height - 4))}px`;
	}

	// For who cannot see it.
	speak() {
		const time = this.view.cursor;
		if (time === null)
			return;
		const readings = this.readings(time).slice(0, 6);
		const { selection } = this.view;
		this.spoken.textContent = `At ${this.formatTime(time)}: ` + (readings.length === 0 ? "no curve" :
			readings.map(({ curve, mib }) => `${curve.name} ${formatMemory(mib)}`).join(", ")) +
			(selection !== null ? `. Selected ${formatDuration(selection.to - selection.from)}` : "");
	}
}
