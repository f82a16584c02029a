// Lines of functions, with their text where there is one: a table each, below the others (plot/html/payload_lines.c).

const LINE_COLUMNS = [["Line", ""], ["Memory", "of the process, after the line ran last"],
	["Gained", "in all its executions; ~ not read at each of them"], ["Times", "how often it ran"], ["Text", ""]];

function lineRow(row) {
	if (row === null)
		return element("tr", {}, element("td", {}, "…"), element("td", { colspan: "4" }));
	const [line, text, count, gained, after, held] = row;
	const figures = count === undefined ? [null, null, null]
		: [formatMemory(after), (held > 0 ? "~" : "") + formatChange(gained), count.toLocaleString("en")];
	return element("tr", { class: count === undefined ? "quiet" : null }, element("td", {}, String(line)),
		...figures.map((figure) => element("td", {}, figure)), element("td", { class: "words" }, element("code", {}, text)));
}

function lineTable(section, name) {
	const words = [section.file, section.isInlined ? "inlined" : null, section.complaint].filter((word) => word !== null);
	return [element("p", { class: "quiet" }, words.join(" · ")),
		element("div", { class: "table-room", tabindex: "0", role: "region", "aria-label": `Lines of ${name} in ${section.file}` },
			element("table", {}, element("thead", {}, element("tr", {}, ...LINE_COLUMNS.map(([title, hint]) =>
				element("th", { scope: "col", title: hint, class: title === "Text" ? "words" : null }, title)))),
			element("tbody", {}, ...section.rows.map(lineRow))))];
}

function lineBlock(func, words) {
	const remarks = [func.isOptimised ? "Optimised: lines may be merged, moved, or run in another order than the text has them." : null,
		func.left > 0 ? `${func.left.toLocaleString("en")} lines that gained less are left out.` : null];
	const made = element("details", {
		ontoggle: () => {
			if (made.open && made.children.length === 1)
				made.append(...remarks.filter((remark) => remark !== null).map((remark) => element("p", { class: "quiet" }, remark)),
					...func.sections.filter((section) => section.rows.length > 0).flatMap((section) => lineTable(section, func.name)));
		},
	}, element("summary", {}, element("span", { class: "name", title: func.name }, func.name),
		element("span", { class: "quiet" }, ` ${words.join(" · ")}`)));
	return made;
}

class Lines {
	constructor(model, room) {
		this.blocks = [];
		room.append(element("h2", {}, "Lines"));
		model.profiles.forEach((profile, p) => {
			for (const func of profile.lines?.functions ?? []) {
				const process = profile.processes[func.process];
				const words = [formatChange(func.gained),
					func.calls === undefined ? null : `${func.calls.toLocaleString("en")} calls`,
					profile.processes.length > 1 ? `${processName(process)} ${process.pid > 0 ? process.pid : ""}` : null,
					model.isPair ? "AB"[p] : null].filter((word) => word !== null);
				this.blocks.push({ name: func.name.toLowerCase(), block: lineBlock(func, words) });
			}
			if (profile.lines?.left > 0)
				this.blocks.push({ name: "", block: element("p", { class: "quiet" },
					`Lines of ${profile.lines.left.toLocaleString("en")} other functions are left out.`) });
		});
		room.append(...this.blocks.map(({ block }) => block));
		room.hidden = this.blocks.length === 0;
		if (this.blocks.length > 0)
			this.blocks[0].block.open = true;
	}

	search(text) {
		const wanted = text.trim().toLowerCase();
		for (const { name, block } of this.blocks)
			block.hidden = !name.includes(wanted);
	}
}
