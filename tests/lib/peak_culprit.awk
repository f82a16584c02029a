# Reads a FILE.dat of --stacks=peak: whether the stack that got most memory of all leads through the function @name. Prints
# "MIB OF" : what such stacks got, and all. It shares no code with ours.
$1 == "FRAME" {
	outer[$2] = $3
	function_of[$2] = $4
}
$1 == "STACK" && $7 == "peak" && $8 == "grew" {
	all += $9
	through = 0
	for (id = $2; id != 0; id = outer[id])
		through = through || function_of[id] == name
	grown[$2] += $9
	if (through) {
		found += $9
		is_through[$2] = 1
	}
}
END {
	for (id in grown)
		if (most == "" || grown[id] > grown[most])
			most = id
	printf "%.3f %.3f\n", found, all
	exit most == "" || !is_through[most]
}
