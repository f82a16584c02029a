// What is said of a single call.

const CALL_ENDS = ["", "unwound", "ended with its thread or process", "ended by exec", "inherited at a fork",
	"active at the attach", "still open"]; // of tracer/base/profile_format.h

function wordsOfCall(profile, i) {
	const { calls } = profile, how = calls.flags[i] >> 2, process = profile.processes[calls.process[i]];
	const words = [profile.functionOf[calls.func[i]].name];
	words.push(`${formatDuration(calls.to[i] - calls.from[i])} from ${formatSince(calls.from[i], 0.001)}` +
		(CALL_ENDS[how] ? `, ${CALL_ENDS[how]}` : ""));
	words.push(`${formatMemory(calls.mibIn[i])} → ${formatMemory(calls.mibOut[i])} ` +
		`(${formatChange(calls.mibOut[i] - calls.mibIn[i])})`);
	if ((calls.flags[i] & (HELD_IN | HELD_OUT)) !== 0)
		words.push("memory partly held: not read at that moment");
	if (process.pid > 0)
		words.push(`pid ${process.pid}` + (calls.tid[i] > 0 && calls.tid[i] !== process.pid ? `, thread ${calls.tid[i]}` : ""));
	return words.concat(callStackOf(profile, i));
}
