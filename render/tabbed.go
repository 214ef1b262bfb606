package render

import "strings"

// tabbed is the table of a program: a line of names, then a line for each element, separated by tabs; nested values as
// JSON, nothing cut or rounded.
func tabbed(v value) string {
	var b strings.Builder
	switch {
	case v.Kind == listKind && objects(v):
		names := columnNames(v)
		for i, name := range names {
			b.WriteString(separator(i) + tabField(value{Kind: stringKind, Text: name}))
		}
		b.WriteByte('\n')
		for _, item := range v.Items {
			for i, name := range names {
				b.WriteString(separator(i))
				if value, ok := item.member(name); ok {
					b.WriteString(tabField(value))
				}
			}
			b.WriteByte('\n')
		}
	case v.Kind == listKind:
		for _, item := range v.Items {
			b.WriteString(tabField(item) + "\n")
		}
	case v.Kind == objectKind:
		for _, m := range v.Members {
			b.WriteString(tabField(value{Kind: stringKind, Text: m.Name}) + "\t" + tabField(m.Value) + "\n")
		}
	default:
		b.WriteString(tabField(v) + "\n")
	}
	return b.String()
}

func separator(i int) string {
	if i > 0 {
		return "\t"
	}
	return ""
}

// tabField is one field of a line separated by tabs: a string with its tabs, line breaks and backslashes escaped.
func tabField(v value) string {
	switch v.Kind {
	case listKind, objectKind:
		return string(oneLine(v.Raw))
	case stringKind:
		return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(v.Text)
	default:
		return v.Text
	}
}
