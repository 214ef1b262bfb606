package demo

import (
	"fmt"
	"slices"
)

// A node is one block node: a format driver on a protocol node, or a protocol node on a file.
type node struct {
	name     string
	driver   string
	filename string
	file     *node // the protocol node below; nil for a protocol node
	backing  *node // the image it lies on
	content  *file
	readOnly bool
	added    bool // by blockdev-add: it stays until blockdev-del
	io       counters
}

// size is what the guest sees, in bytes.
func (n *node) size() int64 { return n.content.size }

// chain returns the node and everything that it lies on.
func (n *node) chain() []*node {
	var list []*node
	for ; n != nil; n = n.backing {
		list = append(list, n)
	}
	return list
}

// allocated is how many bytes of data the images from top, if any, down to base, which is not counted, hold.
func allocated(top, base *node) int64 {
	if top == nil {
		return 0
	}
	var sum int64
	for n := top; n != nil && n != base; n = n.backing {
		sum += n.content.used
	}
	return min(sum, top.size())
}

// locked reports whether a password is missing somewhere in the chain.
func (n *node) locked() bool {
	return slices.ContainsFunc(n.chain(), func(n *node) bool { return n.content.missing })
}

// node returns the node of that name, or nil.
func (m *Machine) node(name string) *node {
	if i := slices.IndexFunc(m.nodes, func(n *node) bool { return n.name == name }); i >= 0 && name != "" {
		return m.nodes[i]
	}
	return nil
}

// An image says which image to open, and how.
type image struct {
	filename string
	format   string // "" is found out
	nodeName string // "" is made up
	readOnly bool
}

// openImage adds nodes for an image and everything that it lies on.
func (m *Machine) openImage(i image) (*node, error) {
	f, bad := m.files.open(i.filename)
	if bad != nil {
		return nil, bad
	}
	if i.format == "" {
		i.format = f.format
	}
	if err := checkFormat(i.format); err != nil {
		return nil, err
	}
	if i.format != "raw" && i.format != f.format {
		return nil, refuse("Image is not in %s format", i.format).
			before("OpenFileFailed", member{"filename", i.filename}).worded("Could not open '" + i.filename + "'")
	}
	if err := m.checkNodeName(i.nodeName); err != nil {
		return nil, err
	}
	if !i.readOnly && m.written(i.filename) {
		return nil, refuse("Failed to get \"write\" lock").
			before("OpenFileFailed", member{"filename", i.filename}).worded("Could not open '" + i.filename + "'")
	}
	n := &node{name: i.nodeName, driver: i.format, filename: i.filename, content: f, readOnly: i.readOnly}
	if i.format != "raw" && f.backing != "" {
		below, err := m.openBacking(absolute(f.backing, i.filename))
		if err != nil {
			return nil, err
		}
		n.backing = below
	}
	m.nameNode(n)
	protocol := ""
	if i.nodeName != "" {
		protocol = i.nodeName + "-file"
	}
	n.file = &node{name: protocol, driver: "file", filename: i.filename, content: f, readOnly: i.readOnly}
	m.nameNode(n.file)
	m.nodes = append(m.nodes, n, n.file)
	return n, nil
}

// openBacking opens an image to lie on. One that is there already is shared.
func (m *Machine) openBacking(filename string) (*node, error) {
	for _, n := range m.nodes {
		if n.filename == filename && n.file != nil {
			return n, nil
		}
	}
	return m.openImage(image{filename: filename, readOnly: true})
}

func checkFormat(format string) error {
	switch format {
	case "raw", "qcow2", "vmdk", "vdi", "luks":
		return nil
	}
	return refuse("Unknown driver '%s'", format).before("InvalidBlockFormat", member{"name", format}).
		worded("Invalid block format '" + format + "'")
}

func (m *Machine) checkNodeName(name string) error {
	switch {
	case name == "":
		return nil
	case !wellFormedID(name):
		return refuse("Invalid node-name: '%s'", name)
	case m.node(name) != nil:
		return refuse("Duplicate nodes with node-name='%s'", name)
	case m.disk(name) != nil:
		return refuse("node-name=%s is conflicting with a device id", name)
	}
	return nil
}

// wellFormedID reports whether a name can be an identifier: a letter, then letters, digits, and -._
func wellFormedID(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '.' && c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// nameNode gives a node without a name one that is made up, as QEMU does.
func (m *Machine) nameNode(n *node) {
	if n.name == "" {
		m.nodesNamed++
		n.name = fmt.Sprintf("#block%d%02d", m.nodesNamed, m.rng.IntN(100))
	}
}

// written reports whether a file is open for writing.
func (m *Machine) written(filename string) bool {
	return slices.ContainsFunc(m.nodes, func(n *node) bool { return n.filename == filename && !n.readOnly && n.file != nil })
}

// users are the names of what holds a node, in words for a refusal.
func (m *Machine) users(n *node) []string {
	var list []string
	for _, d := range m.disks {
		if d.root == n {
			list = append(list, "drive '"+d.name+"'")
		}
	}
	for _, other := range m.nodes {
		if other.backing == n || other.file == n {
			list = append(list, "node '"+other.name+"'")
		}
	}
	for _, j := range m.jobs {
		if j.uses(n) {
			list = append(list, "block job '"+j.id+"'")
		}
	}
	return list
}

// release closes a node, and what it lies on, once nothing uses it any more.
func (m *Machine) release(n *node) {
	if n == nil || n.added || len(m.users(n)) > 0 {
		return
	}
	m.nodes = slices.DeleteFunc(m.nodes, func(other *node) bool { return other == n })
	m.release(n.file)
	m.release(n.backing)
}
