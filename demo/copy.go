package demo

import "cmp"

func copyCommands() map[string]handler {
	return map[string]handler{
		"drive-mirror":    command(func(m *Machine, a copyArgs) (any, error) { return nil, m.mirror(a, true) }),
		"blockdev-mirror": command(func(m *Machine, a copyArgs) (any, error) { return nil, m.mirror(a, false) }),
		"drive-backup": command(func(m *Machine, a copyArgs) (any, error) {
			_, err := m.backup(a, true)
			return nil, err
		}),
		"blockdev-backup": command(func(m *Machine, a copyArgs) (any, error) {
			_, err := m.backup(a, false)
			return nil, err
		}),
		"block-stream": command((*Machine).blockStream),
		"block_stream": command((*Machine).blockStream),
		"block-commit": command((*Machine).blockCommit),
	}
}

// copyArgs are the arguments that mirrors and backups share.
type copyArgs struct {
	JobID         string `json:"job-id"`
	Device        string
	Target        string
	Sync          string
	Format        string
	Mode          string
	NodeName      string `json:"node-name"`
	Speed         int64
	OnTargetError string `json:"on-target-error"`
	AutoFinalize  *bool  `json:"auto-finalize"`
	AutoDismiss   *bool  `json:"auto-dismiss"`
}

// mirror starts a job that copies a disk and then keeps the copy up to date.
func (m *Machine) mirror(a copyArgs, creates bool) error {
	if a.Sync == "incremental" || a.Sync == "bitmap" {
		return refuse("Sync mode '%s' not supported", a.Sync)
	}
	j, d, err := m.newCopy("mirror", a, creates)
	if err != nil {
		return err
	}
	j.converges = true
	if d != nil {
		j.pivot = m.switchTo(d, j.target)
	}
	return m.startCopy(j, d)
}

// backup starts a job that copies a disk as it is now.
func (m *Machine) backup(a copyArgs, creates bool) (*job, error) {
	if a.Sync == "incremental" || a.Sync == "bitmap" {
		return nil, refuse("must provide a valid bitmap name for '%s' sync mode", a.Sync)
	}
	j, d, err := m.newCopy("backup", a, creates)
	if err != nil {
		return nil, err
	}
	return j, m.startCopy(j, d)
}

// newCopy makes a job that copies to another image.
func (m *Machine) newCopy(kind string, a copyArgs, creates bool) (*job, *disk, error) {
	n, d, err := m.idleNode(a.Device, a.Device)
	if err != nil {
		return nil, nil, err
	}
	j := &job{
		id: a.JobID, kind: kind, node: n, speed: a.Speed, onError: a.OnTargetError,
		autoFinalize: orTrue(a.AutoFinalize), autoDismiss: orTrue(a.AutoDismiss),
	}
	switch a.Sync {
	case "full":
		j.length = float64(allocated(n, nil))
	case "top":
		j.length = float64(n.content.used)
	}
	if creates {
		j.target, err = m.newTarget(n, a)
		return j, d, err
	}
	j.target = m.node(a.Target)
	switch {
	case j.target == nil:
		return nil, nil, refuse("Cannot find device='%s' nor node-name='%s'", a.Target, a.Target)
	case j.target == n:
		return nil, nil, refuse("Can't mirror node into itself")
	case len(m.users(j.target)) > 0:
		return nil, nil, refuse("Node '%s' is in use", a.Target)
	}
	return j, d, nil
}

// newTarget makes the image to copy to, or opens the one that is there.
func (m *Machine) newTarget(n *node, a copyArgs) (*node, error) {
	format := cmp.Or(a.Format, n.driver)
	if err := checkFormat(format); err != nil {
		return nil, err
	}
	if a.Mode != "existing" {
		if m.written(a.Target) {
			return nil, refuse("Failed to get \"write\" lock")
		}
		if bad := m.files.create(a.Target, file{format: format, size: n.size(), used: emptyImage}); bad != nil {
			return nil, bad
		}
	}
	return m.openImage(image{filename: a.Target, format: format, nodeName: a.NodeName})
}

func (m *Machine) startCopy(j *job, d *disk) error {
	if err := m.startJob(j, d); err != nil {
		m.release(j.target)
		return err
	}
	return nil
}

// switchTo is the pivot of a mirror: the disk goes on with the copy.
func (m *Machine) switchTo(d *disk, target *node) func() {
	return func() {
		old := d.root
		d.root = target
		m.release(old)
	}
}

func orTrue(b *bool) bool { return b == nil || *b }

// chainArgs are the arguments that stream and commit share. Images in the chain are named by file or by node.
type chainArgs struct {
	JobID             string `json:"job-id"`
	Device, Base, Top string
	BaseNode          string `json:"base-node"`
	TopNode           string `json:"top-node"`
	Bottom            string
	Speed             int64
	AutoFinalize      *bool `json:"auto-finalize"`
	AutoDismiss       *bool `json:"auto-dismiss"`
}

func (a chainArgs) job(kind string, n *node) *job {
	return &job{
		id: a.JobID, kind: kind, node: n, speed: a.Speed,
		autoFinalize: orTrue(a.AutoFinalize), autoDismiss: orTrue(a.AutoDismiss),
	}
}

// blockStream starts a job that brings data up from the backing images, down to base, and then drops them.
func (m *Machine) blockStream(a chainArgs) (any, error) {
	n, d, err := m.idleNode(a.Device, a.Device)
	if err != nil {
		return nil, err
	}
	if n.readOnly {
		return nil, refuse("Block node is read-only").before("NotSupported").worded("Not supported")
	}
	base, err := m.inChain(n, a.Base, a.BaseNode)
	if err != nil {
		return nil, err
	}
	if a.Bottom != "" {
		bottom, err := m.inChain(n, "", a.Bottom)
		if err != nil {
			return nil, err
		}
		base = bottom.backing
	}
	j := a.job("stream", n)
	j.length = float64(allocated(n.backing, base))
	j.pivot = func() {
		dropped := n.backing
		n.flatten(base)
		m.release(dropped)
	}
	return nil, m.startJob(j, d)
}

// inChain finds the image below n of that file or node name; nil when none is named.
func (m *Machine) inChain(n *node, filename, nodeName string) (*node, error) {
	switch {
	case filename == "" && nodeName == "":
		return nil, nil
	case nodeName != "" && m.node(nodeName) == nil:
		return nil, refuse("Cannot find device='' nor node-name='%s'", nodeName)
	}
	for _, below := range n.chain()[1:] {
		if nodeName != "" && below.name == nodeName || filename != "" && below.filename == absolute(filename, n.filename) {
			return below, nil
		}
	}
	name := cmp.Or(filename, nodeName)
	return nil, refuse("Can't find '%s' in the backing chain", name).
		before("BaseNotFound", member{"base", name}).worded("Base '" + name + "' not found")
}

// flatten makes base, or nothing, what the node lies on, with all data above it in the node itself.
func (n *node) flatten(base *node) {
	n.content.used = allocated(n, base)
	n.backing, n.content.backing = base, ""
	if base != nil {
		n.content.backing = base.filename
	}
}

// blockCommit starts a job that brings data down from top to base. When top is what the guest writes to, the job
// gets ready and waits to be completed.
func (m *Machine) blockCommit(a chainArgs) (any, error) {
	n, d, err := m.idleNode(a.Device, a.Device)
	if err != nil {
		return nil, err
	}
	top, base := n, n.chain()[len(n.chain())-1]
	if named, err := m.inChain(n, a.Top, a.TopNode); err != nil && a.TopNode != n.name && a.Top != n.filename {
		return nil, err
	} else if named != nil {
		top = named
	}
	if named, err := m.inChain(top, a.Base, a.BaseNode); err != nil {
		return nil, err
	} else if named != nil {
		base = named
	}
	if base == top {
		return nil, refuse("cannot commit an image into itself")
	}
	j := a.job("commit", n)
	j.length = float64(allocated(top, base))
	j.converges = top == n
	j.pivot = func() { m.committed(n, top, base) }
	return nil, m.startJob(j, d)
}

// committed takes the images from top down to base, which holds their data now, out of the chain.
func (m *Machine) committed(active, top, base *node) {
	base.content.used = min(base.size(), base.content.used+allocated(top, base))
	if d := m.diskOn(active); top == active && d != nil {
		base.readOnly = false
		d.root = base
		m.release(active)
		return
	}
	for _, above := range active.chain() {
		if above.backing == top {
			above.backing, above.content.backing = base, base.filename
		}
	}
	m.release(top)
}
