// Figures as people read them, and where an axis has its ticks. Pure.

const decimalsFor = (value) => (value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

function formatMemory(mib) {
	const size = Math.abs(mib);
	if (size === 0)
		return "0 MiB";
	if (size < 1)
		return `${(mib * 1024).toFixed(size * 1024 >= 99.95 ? 0 : 1)} KiB`;
	if (size < 4096)
		return `${mib.toFixed(1)} MiB`;
	return size < 4096 * 1024 ? `${(mib / 1024).toFixed(2)} GiB` : `${(mib / 1048576).toFixed(2)} TiB`;
}

function formatChange(mib) {
	return (mib > 0 ? "+" : "") + formatMemory(mib).replace("-", "−");
}

function formatDuration(seconds) {
	const size = Math.abs(seconds);
	if (size === 0)
		return "0 s";
	for (const [unit, below, name] of [[1e-9, 1e-6, "ns"], [1e-6, 1e-3, "µs"], [1e-3, 1, "ms"],
		[1, 120, "s"], [60, 7200, "min"], [3600, 172800, "h"], [86400, Infinity, "d"]]) {
		if (size < below * 0.9995)
			return `${(seconds / unit).toFixed(name === "ns" ? 0 : decimalsFor(size / unit))} ${name}`;
	}
	return "";
}

// What grows by less than a MiB in an hour is still seen.
function formatSlope(mibPerSecond) {
	const sign = mibPerSecond > 0 ? "+" : mibPerSecond < 0 ? "−" : "";
	const size = Math.abs(mibPerSecond);
	if (size >= 0.1 || size === 0)
		return `${sign}${size.toFixed(decimalsFor(size))} MiB/s`;
	return size * 3600 >= 0.005 ? `${sign}${(size * 3600).toFixed(decimalsFor(size * 3600))} MiB/h`
		: "±0 MiB/h";
}

function formatCount(count) {
	const units = ["", " k", " M", " G", " T"];
	let i = 0;
	for (; i < 4 && Math.abs(count) >= (i === 0 ? 9999.5 : 999.5); i++)
		count /= 1000;
	return (i === 0 ? String(Math.round(count)) : count.toFixed(decimalsFor(count))) + units[i];
}

const twoDigits = (number) => String(number).padStart(2, "0");

// A moment since the start, with as many decimals as steps of @step seconds need. Minutes are told from
// the third on, or, so that all ticks of an axis are alike, as @hasMinutes says.
function formatSince(seconds, step, hasMinutes) {
	const decimals = step >= 1 ? 0 : Math.min(9, Math.ceil(-Math.log10(step) - 1e-6));
	const whole = Math.abs(Number(seconds.toFixed(decimals)));
	const sign = seconds < 0 && whole > 0 ? "−" : "";
	if (!(hasMinutes ?? (step >= 60 || whole >= 180)))
		return `${sign}${whole.toFixed(decimals)} s`;
	const minutes = Math.floor(whole / 60), rest = (whole - minutes * 60).toFixed(decimals);
	const padded = rest.padStart(decimals > 0 ? decimals + 3 : 2, "0");
	if (minutes < 60)
		return `${sign}${minutes}:${padded}`;
	return `${sign}${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${padded}`;
}

// The same by the clock of who reads the page.
function formatClock(seconds, startMs, step) {
	const decimals = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-6));
	const wholeMs = Math.floor(startMs / 1000) * 1000;
	const exact = startMs / 1000 - wholeMs / 1000 + seconds;
	const rounded = Number(exact.toFixed(decimals)), floor = Math.floor(rounded);
	const date = new Date(wholeMs + floor * 1000);
	if (step >= 86400)
		return date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
	const head = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
	if (step >= 60)
		return head;
	const fraction = decimals > 0 ? (rounded - floor).toFixed(decimals).slice(1) : "";
	return `${head}:${twoDigits(date.getSeconds())}${fraction}`;
}

function formatDate(ms) {
	const date = new Date(ms);
	return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ` +
		`${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

// The smallest of 1, 2, 5 times a power of ten that gives at most @wanted steps in @span.
function decimalStep(span, wanted) {
	const rough = span / Math.max(1, wanted), power = 10 ** Math.floor(Math.log10(rough));
	const ratio = rough / power;
	return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
}

function timeStep(span, wanted, isClock) {
	if (!isClock && span < 180 || span / wanted <= 5)
		return decimalStep(span, wanted);
	for (const step of [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200]) {
		if (span / step <= wanted)
			return step;
	}
	return 86400 * Math.max(1, decimalStep(span / 86400, wanted));
}

// [value, step] of each tick; @zero is where a multiple of the step stands.
function placeTicks(from, to, step, zero) {
	const ticks = [];
	const first = Math.ceil((from - zero) / step - 1e-6);
	for (let i = first; i * step + zero <= to + step * 1e-6 && ticks.length < 200; i++)
		ticks.push(i * step + zero);
	return ticks;
}

function memoryUnit(mib) {
	return mib >= 4194304 ? [1048576, "TiB"] : mib >= 4096 ? [1024, "GiB"] : mib >= 2 ? [1, "MiB"]
		: [1 / 1024, "KiB"];
}

function memoryTicks(low, high, wanted) {
	const [unit, name] = memoryUnit(Math.max(Math.abs(low), Math.abs(high)));
	const step = decimalStep((high - low) / unit, wanted) * unit;
	const decimals = step / unit < 1 ? Math.ceil(-Math.log10(step / unit) - 1e-6) : 0;
	return placeTicks(low, high, step, 0).map((v) =>
		({ v, label: `${(v / unit).toFixed(decimals).replace("-", "−")} ${name}` }));
}
