package render

// layout is the table that a command's return has a special form for; ok is false for all others.
func (p Printer) layout(Value) (g grid, ok bool) {
	return grid{}, false
}
