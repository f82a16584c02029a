// What was recorded beside memory: thin panes below the curves, over the same time.

const BESIDE_HEIGHT = 48;

class Beside {
	constructor(model, view, chart, room, canvas) {
		Object.assign(this, { model, view, chart, room, canvas, all: model.areas.beside });
		const [profile] = model.profiles;
		Object.assign(this, { begin: profile.begin, end: profile.end });
	}

	cellAt(pane, time) {
		return Math.floor((time - this.begin) / (this.end - this.begin) * pane.cells.length);
	}

	drawPane(context, pane, top) {
		const { area } = this.chart, base = top + BESIDE_HEIGHT - 8, height = BESIDE_HEIGHT - 26;
		const most = Math.max(...pane.cells, 1e-9), width = (this.end - this.begin) / pane.cells.length;
		context.globalAlpha = 1;
		context.font = "11px system-ui, sans-serif";
		context.textBaseline = "alphabetic";
		context.fillStyle = colors.get("--text");
		drawShortened(context, `${pane.name}  ${pane.figures}`, area.x, top + 11, area.w);
		context.fillStyle = colors.get(cycleColor(pane.color));
		context.globalAlpha = 0.6;
		const first = Math.max(0, this.cellAt(pane, this.view.from));
		const last = Math.min(pane.cells.length - 1, this.cellAt(pane, this.view.to));
		for (let i = first; i <= last; i++) {
			const left = Math.max(area.x, this.chart.xOf(this.begin + i * width));
			const right = Math.min(area.x + area.w, this.chart.xOf(this.begin + (i + 1) * width));
			const tall = pane.cells[i] / most * height;
			if (tall > 0 && right > left)
				context.fillRect(left, base - tall, right - left, tall);
		}
		context.globalAlpha = 1;
		context.fillStyle = colors.get("--spine");
		context.fillRect(area.x, base, area.w, 1);
	}

	draw() {
		this.room.hidden = this.all.length === 0;
		if (this.room.hidden)
			return;
		const context = beginCanvas(this.canvas, this.chart.room.clientWidth, this.all.length * BESIDE_HEIGHT);
		this.all.forEach((pane, i) => this.drawPane(context, pane, i * BESIDE_HEIGHT));
	}

	// Lines for a tip.
	wordsAt(x, y) {
		const pane = this.all[Math.floor(y / BESIDE_HEIGHT)], value = pane?.cells[this.cellAt(pane, this.chart.timeAt(x))];
		return value === undefined ? null : [pane.name, `${formatCount(value)}${pane.unit === "%" ? " %" : pane.unit}`];
	}
}
