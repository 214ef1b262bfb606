package render

import "strings"

// tabbed is the table of a program: a line of names, then a line for each element, separated by tabs; nested values as
// JSON, nothing cut or rounded.
func tabbed(v Value) string {
	var b strings.Builder
	switch {
	case v.Kind == List && objects(v):
		names := columnNames(v)
		for i, name := range names {
			b.WriteString(separator(i) + tabField(Value{Kind: String, Text: name}))
		}
		b.WriteByte('\n')
		for _, item := range v.Items {
			for i, name := range names {
				b.WriteString(separator(i))
				if value, ok := item.Member(name); ok {
					b.WriteString(tabField(value))
				}
			}
			b.WriteByte('\n')
		}
	case v.Kind == List:
		for _, item := range v.Items {
			b.WriteString(tabField(item) + "\n")
		}
	case v.Kind == Object:
		for _, m := range v.Members {
			b.WriteString(tabField(Value{Kind: String, Text: m.Name}) + "\t" + tabField(m.Value) + "\n")
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
func tabField(v Value) string {
	switch v.Kind {
	case List, Object:
		return string(oneLine(v.Raw))
	case String:
		return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(v.Text)
	default:
		return v.Text
	}
}
