package render

import (
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
)

// A layout is the table that people want to see of one command's return: chosen members, in the order in which the eye
// looks for them, in units. The formats table and tree show every member.
type layout struct {
	sorted bool   // the order of the server's list means nothing: it is sorted by the first column
	note   string // the member whose text is written below its row, such as an error
	fields []field
}

// A field makes one column of a layout.
type field struct {
	column
	cell func(v value) cell
}

// layout is the table of a command's own; ok is false when it has none or its return has not the form for it.
func (p Printer) layout(v value) (g grid, ok bool) {
	lay := layoutOf(p.Command)
	if lay.fields == nil || v.Kind != listKind || !objects(v) {
		return grid{}, false
	}
	for _, item := range v.Items {
		cells := make([]cell, len(lay.fields))
		for i, f := range lay.fields {
			cells[i] = f.cell(item)
		}
		note, _ := item.member(lay.note)
		g.rows = append(g.rows, row{cells: cells, note: Clean(note.Text)})
	}
	for _, f := range lay.fields {
		g.columns = append(g.columns, f.column)
	}
	if lay.sorted {
		slices.SortStableFunc(g.rows, func(a, b row) int {
			return qapi.CompareNames(a.cells[0].text, b.cells[0].text)
		})
	}
	return g.withoutEmpty(), true
}

// withoutEmpty drops the columns that have nothing to say.
func (g grid) withoutEmpty() grid {
	var keep []int
	for i := range g.columns {
		if slices.ContainsFunc(g.rows, func(r row) bool { return r.cells[i].text != "" }) {
			keep = append(keep, i)
		}
	}
	out := grid{}
	for _, i := range keep {
		out.columns = append(out.columns, g.columns[i])
	}
	for _, r := range g.rows {
		kept := make([]cell, 0, len(keep))
		for _, i := range keep {
			kept = append(kept, r.cells[i])
		}
		out.rows = append(out.rows, row{cells: kept, note: r.note})
	}
	return out
}

// layoutOf is the one table of commands with a layout of their own.
func layoutOf(command string) layout {
	switch command {
	case "query-block":
		return layout{fields: blockFields()}
	case "query-named-block-nodes":
		return layout{fields: nodeFields()}
	case "query-blockstats":
		return layout{fields: blockStatFields()}
	case "query-block-jobs":
		return layout{fields: blockJobFields(), note: "error"}
	case "query-jobs":
		return layout{fields: jobFields(), note: "error"}
	case "query-chardev":
		return layout{sorted: true, fields: []field{name("LABEL", "label"), openClosed("FRONTEND", "frontend-open"), path("FILENAME", "filename")}}
	case "query-cpus-fast":
		return layout{fields: []field{
			number("CPU", "cpu-index"), number("THREAD", "thread-id"), plain("TARGET", "target"), topology("TOPOLOGY"),
			path("QOM PATH", "qom-path"),
		}}
	case "query-hotpluggable-cpus":
		return layout{fields: []field{
			plain("TYPE", "type"), number("VCPUS", "vcpus-count"), topology("TOPOLOGY"), path("QOM PATH", "qom-path"),
		}}
	case "query-iothreads":
		return layout{fields: []field{
			name("ID", "id"), number("THREAD", "thread-id"), number("POLL MAX NS", "poll-max-ns"),
			number("POLL GROW", "poll-grow"), number("POLL SHRINK", "poll-shrink"), number("AIO MAX BATCH", "aio-max-batch"),
		}}
	case "query-memdev":
		return layout{fields: []field{
			name("ID", "id"), size("SIZE", "size"), plain("POLICY", "policy"), plain("NODES", "host-nodes"),
			yesNo("SHARE", "share"), yesNo("PREALLOC", "prealloc"), yesNo("MERGE", "merge"), yesNo("DUMP", "dump"),
		}}
	}
	return listingOf(command)
}

// listingOf is the layout of commands that list names.
func listingOf(command string) layout {
	switch command {
	case "query-migrate-capabilities":
		return layout{fields: []field{plain("CAPABILITY", "capability"), onOff("STATE", "state")}}
	case "query-machines":
		return layout{sorted: true, fields: []field{
			name("NAME", "name"), plain("ALIAS", "alias"), mark("DEFAULT", "is-default"), number("MAX CPUS", "cpu-max"),
			plain("DEFAULT CPU", "default-cpu-type"), mark("DEPRECATED", "deprecated"),
		}}
	case "query-cpu-definitions":
		return layout{sorted: true, fields: []field{
			name("NAME", "name"), plain("ALIAS OF", "alias-of"), yesNo("MIGRATION SAFE", "migration-safe"),
			mark("DEPRECATED", "deprecated"), plain("UNAVAILABLE FEATURES", "unavailable-features"),
		}}
	case "qom-list":
		return layout{sorted: true, fields: []field{name("NAME", "name"), plain("TYPE", "type")}}
	case "qom-list-types":
		return layout{sorted: true, fields: []field{name("NAME", "name"), plain("PARENT", "parent"), mark("ABSTRACT", "abstract")}}
	case "device-list-properties", "qom-list-properties":
		return layout{sorted: true, fields: []field{
			name("NAME", "name"), plain("TYPE", "type"), plain("DEFAULT", "default-value"), plain("DESCRIPTION", "description"),
		}}
	}
	return layout{}
}

func blockFields() []field {
	return []field{
		{column{head: "DEVICE"}, func(v value) cell {
			for _, name := range []string{"device", "qdev"} {
				if found, ok := v.member(name); ok && found.Text != "" {
					return cellOf(found)
				}
			}
			return cell{}
		}},
		plain("NODE", "inserted", "node-name"), plain("FORMAT", "inserted", "drv"), yesNo("RO", "inserted", "ro"),
		size("SIZE", "inserted", "image", "virtual-size"), size("USED", "inserted", "image", "actual-size"), trouble("STATUS", "io-status"),
		{column{head: "FILE", tail: true}, func(v value) cell {
			if _, ok := v.member("inserted"); !ok {
				return cell{text: "(empty)", role: RoleDim}
			}
			file, _ := v.at("inserted", "file")
			return cell{text: Clean(file.Text)}
		}},
	}
}

func nodeFields() []field {
	return []field{
		name("NODE", "node-name"), plain("DRIVER", "drv"), yesNo("RO", "ro"), size("SIZE", "image", "virtual-size"),
		size("USED", "image", "actual-size"), number("BACKING", "backing_file_depth"), path("FILE", "file"),
	}
}

func blockStatFields() []field {
	return []field{
		name("DEVICE", "device"), name("NODE", "node-name"), size("READ", "stats", "rd_bytes"), number("READS", "stats", "rd_operations"),
		size("WRITTEN", "stats", "wr_bytes"), number("WRITES", "stats", "wr_operations"), number("FLUSHES", "stats", "flush_operations"),
		nonZero("FAILED READS", "stats", "failed_rd_operations"), nonZero("FAILED WRITES", "stats", "failed_wr_operations"),
	}
}

func blockJobFields() []field {
	return []field{
		name("DEVICE", "device"), plain("TYPE", "type"), status("STATUS"), progress("PROGRESS", "offset", "len"),
		{column{head: "RATE LIMIT"}, func(v value) cell {
			speed, ok := v.member("speed")
			if n, isNumber := speed.float(); ok && isNumber {
				if n == 0 {
					return cell{text: "none", role: RoleDim}
				}
				return cell{text: Limit(n)}
			}
			return cell{}
		}},
		yesNo("READY", "ready"),
	}
}

func jobFields() []field {
	return []field{
		name("ID", "id"), plain("TYPE", "type"), status("STATUS"), progress("PROGRESS", "current-progress", "total-progress"),
	}
}
