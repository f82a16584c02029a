// Calls as bars: a lane a thread, a row a level, over the same time as the curves.

const ROW_HEIGHT = 18, LANE_HEAD = 19, LANES_HEIGHT_MOST = 420;

class Lanes {
	constructor(model, view, chart, room, inner, canvas) {
		Object.assign(this, { model, view, chart, room, inner, canvas });
		this.places = [];
		this.height = 0;
		room.addEventListener("scroll", () => this.draw());
	}

	// A hidden function has no bars; a lane without any has no place.
	arrange() {
		let top = 4;
		this.places = [];
		for (const lane of this.model.noCalls ? [] : this.model.lanes) {
			const { calls, functionOf } = this.model.profiles[lane.profile];
			const rows = lane.rows.filter((row) => row.some((i) => functionOf[calls.func[i]]?.isHidden === false));
			if (rows.length === 0)
				continue;
			this.places.push({ lane, rows, top });
			top += LANE_HEAD + rows.length * ROW_HEIGHT + 4;
		}
		this.height = top;
		const shown = Math.min(top, LANES_HEIGHT_MOST);
		this.room.hidden = this.places.length === 0;
		this.room.style.height = `${shown}px`;
		this.inner.style.height = `${top}px`;
	}

	drawBar(context, i, x1, x2, y, name, color) {
		const left = Math.max(x1, this.chart.area.x), right = Math.min(x2, this.chart.area.x + this.chart.area.w);
		context.fillStyle = colors.get(color);
		context.fillRect(left, y, Math.max(right - left - 0.5, 0.8), ROW_HEIGHT - 2);
		if (right - left < 26)
			return;
		context.fillStyle = colors.on(color);
		drawShortened(context, name, left + 4, y + ROW_HEIGHT - 6, right - left - 8);
	}

	drawRow(context, profile, row, y) {
		const { calls, functionOf } = profile, { chart, view } = this;
		let dot = -1, share = 0, dotColor = null, isDotFaded = false;
		const flush = () => {
			if (dot >= 0) {
				context.globalAlpha = (0.4 + 0.6 * Math.min(1, share)) * (isDotFaded ? 0.25 : 1);
				context.fillStyle = colors.get(dotColor);
				context.fillRect(dot, y, 1, ROW_HEIGHT - 2);
			}
			dot = -1;
			share = 0;
		};
		for (let k = this.firstSeen(calls, row, view.from); k < row.length; k++) {
			const i = row[k], func = functionOf[calls.func[i]];
			if (calls.from[i] > view.to)
				break;
			if (func.isHidden || calls.to[i] < view.from)
				continue;
			const x1 = chart.xOf(calls.from[i]), x2 = chart.xOf(calls.to[i]);
			if (x2 - x1 >= 1.5) {
				flush();
				context.globalAlpha = view.isFaded(profile, i) ? 0.2 : 0.9;
				this.drawBar(context, i, x1, x2, y, func.brief, func.color);
				continue;
			}
			if (Math.floor(x1) !== dot) {
				flush();
				dot = Math.floor(x1);
				dotColor = func.color;
				isDotFaded = view.isFaded(profile, i);
			}
			share += x2 - x1;
		}
		flush();
		context.globalAlpha = 1;
	}

	// A row's calls end in their order, too, but for damaged files: one more is looked at.
	firstSeen(calls, row, from) {
		let low = 0, high = row.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (calls.to[row[middle]] < from)
				low = middle + 1;
			else
				high = middle;
		}
		return Math.max(0, low - 1);
	}

	draw() {
		if (this.room.hidden)
			return;
		const height = Math.min(this.height, LANES_HEIGHT_MOST), scrolled = this.room.scrollTop;
		const context = beginCanvas(this.canvas, this.chart.room.clientWidth, height);
		context.font = "11px system-ui, sans-serif";
		context.textBaseline = "alphabetic";
		for (const { lane, rows, top } of this.places) {
			const y = top - scrolled;
			if (y > height || y + LANE_HEAD + rows.length * ROW_HEIGHT < 0)
				continue;
			context.globalAlpha = 0.75;
			context.fillStyle = colors.get("--text");
			drawShortened(context, lane.label, this.chart.area.x, y + 13, this.chart.area.w);
			context.globalAlpha = 1;
			rows.forEach((row, i) => this.drawRow(context, this.model.profiles[lane.profile], row,
				y + LANE_HEAD + i * ROW_HEIGHT));
		}
	}

	// {profile, call} at a place of the canvas; null: none.
	callAt(x, y) {
		const wanted = y + this.room.scrollTop, { area } = this.chart;
		const place = this.places.find(({ top, rows }) => wanted >= top + LANE_HEAD &&
			wanted < top + LANE_HEAD + rows.length * ROW_HEIGHT);
		if (place === undefined || x < area.x || x > area.x + area.w)
			return null;
		const row = place.rows[Math.floor((wanted - place.top - LANE_HEAD) / ROW_HEIGHT)];
		const profile = this.model.profiles[place.lane.profile], { calls } = profile, time = this.chart.timeAt(x);
		const dot = this.view.span / area.w;
		for (let k = this.firstSeen(calls, row, time - dot); k < row.length && calls.from[row[k]] <= time + dot; k++) {
			if (calls.to[row[k]] >= time - dot && !profile.functionOf[calls.func[row[k]]].isHidden)
				return { profile, call: row[k] };
		}
		return null;
	}
}
