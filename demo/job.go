package demo

import "slices"

// A job is block work in the background.
type job struct {
	id, kind string
	node     *node // that is worked on
	target   *node // that is written to; nil for a job that writes below node
	status   string
	offset   float64 // bytes done
	length   float64 // bytes to do
	speed    int64   // bytes a second at most; 0 is no limit

	converges    bool // gets ready and goes on, until it is told to complete
	completing   bool
	cancelling   bool
	forced       bool // cancelled as if it were not ready
	autoFinalize bool
	autoDismiss  bool
	pivot        func() // what completion does to the graph
	onError      string // what to do when the target cannot be written: "stop" the job, or give it up
	ioStatus     string // "ok", or "nospace" while the job is stopped for that
	err          string // why it failed
}

// hostBandwidth is what all jobs together get out of the host's disks, in bytes a second.
const hostBandwidth = 320e6

func (j *job) uses(n *node) bool {
	if j.status == "concluded" || j.status == "null" {
		return false
	}
	return slices.Contains(j.node.chain(), n) || j.target != nil && slices.Contains(j.target.chain(), n)
}

// dirtied is what the guest has written behind the job's back.
func (j *job) dirtied(bytes int64) {
	if j.converges && j.status != "created" {
		j.length += float64(bytes)
	}
}

func (j *job) paused() bool { return j.status == "paused" || j.status == "standby" }

// ready reports whether the job only keeps up with the guest.
func (j *job) ready() bool { return j.status == "ready" || j.status == "standby" }

// over reports whether the job has nothing left to do.
func (j *job) over() bool {
	switch j.status {
	case "waiting", "pending", "aborting", "concluded", "null":
		return true
	}
	return false
}

func (m *Machine) job(id string) *job {
	if i := slices.IndexFunc(m.jobs, func(j *job) bool { return j.id == id }); i >= 0 {
		return m.jobs[i]
	}
	return nil
}

func (m *Machine) setStatus(j *job, status string) {
	j.status = status
	m.emit("JOB_STATUS_CHANGE", member{"status", status}, member{"id", j.id})
}

// idleNode is nodeOf for what no job works on.
func (m *Machine) idleNode(device, nodeName string) (*node, *disk, error) {
	n, d, err := m.nodeOf(device, nodeName)
	if err == nil {
		err = m.busy(n)
	}
	return n, d, err
}

// busy refuses while a job works on the node.
func (m *Machine) busy(n *node) error {
	for _, j := range m.jobs {
		if j.uses(n) {
			name := n.name
			if d := m.diskOn(n); d != nil {
				name = d.name
			}
			return errInUse(name, "Node '"+name+"' is busy: block device is in use by block job: "+j.kind)
		}
	}
	return nil
}

// startJob lets a job run, under the id given or the drive's name.
func (m *Machine) startJob(j *job, d *disk) error {
	if j.id == "" {
		if d == nil {
			return refuse("An explicit job ID is required for this node")
		}
		j.id = d.name
	}
	switch {
	case !wellFormedID(j.id):
		return refuse("Invalid job ID '%s'", j.id)
	case m.job(j.id) != nil:
		return refuse("Job ID '%s' already in use", j.id)
	case j.speed < 0:
		return errValue("speed", "a non-negative value")
	}
	j.ioStatus = "ok"
	m.jobs = append(m.jobs, j)
	m.setStatus(j, "created")
	m.setStatus(j, "running")
	return nil
}

// liveJobs lets jobs advance for a tick. The host's bandwidth is shared by those that move.
func (m *Machine) liveJobs() {
	moving := 0
	for _, j := range m.jobs {
		if j.status == "running" {
			moving++
		}
	}
	for _, j := range slices.Clone(m.jobs) {
		switch {
		case j.over():
		case j.cancelling:
			m.stopJob(j)
		case !j.paused():
			m.advanceJob(j, hostBandwidth/float64(max(1, moving)))
		}
	}
}

// advanceJob copies for a tick.
func (m *Machine) advanceJob(j *job, bandwidth float64) {
	if j.speed > 0 {
		bandwidth = min(bandwidth, float64(j.speed))
	} else {
		bandwidth *= m.jitter()
	}
	if j.target != nil && j.target.content.full(j.target.filename) && j.offset < j.length {
		m.jobFails(j)
		return
	}
	before := j.offset
	j.offset = min(j.length, j.offset+bandwidth*tick.Seconds())
	m.accountJob(j, int64(j.offset-before))
	if j.offset < j.length {
		return
	}
	switch {
	case !j.converges || j.completing:
		m.settle(j)
	case j.status == "running":
		m.setStatus(j, "ready")
		m.emit("BLOCK_JOB_READY", j.event()...)
	}
}

// jobFails is what becomes of a job whose target has no space left.
func (m *Machine) jobFails(j *job) {
	stops := j.onError == "stop" || j.onError == "enospc"
	what := "report"
	if stops {
		what = "stop"
	}
	m.emit("BLOCK_JOB_ERROR", member{"device", j.id}, member{"operation", "write"}, member{"action", what})
	if stops {
		j.ioStatus = "nospace"
		m.setStatus(j, "paused")
		return
	}
	j.err = "No space left on device"
	m.setStatus(j, "aborting")
	m.conclude(j, "BLOCK_JOB_COMPLETED", nil)
}

// accountJob counts what a job reads and writes, and lets its target grow.
func (m *Machine) accountJob(j *job, bytes int64) {
	const chunk = 1 << 20
	ops := (bytes + chunk - 1) / chunk
	add := func(n *node, c counters) {
		for ; n != nil; n = n.file {
			n.io.rdBytes += c.rdBytes
			n.io.rdOps += c.rdOps
			n.io.rdNanos += c.rdOps * 2.1e6
			n.io.wrBytes += c.wrBytes
			n.io.wrOps += c.wrOps
			n.io.wrNanos += c.wrOps * 2.8e6
			n.io.highest = max(n.io.highest, n.content.used)
		}
	}
	add(j.node, counters{rdBytes: bytes, rdOps: ops})
	if j.target != nil {
		j.target.content.used = min(j.target.content.size, j.target.content.used+bytes)
		add(j.target, counters{wrBytes: bytes, wrOps: ops})
	}
}

// settle brings a job that has done its work to its end.
func (m *Machine) settle(j *job) {
	m.setStatus(j, "waiting")
	m.setStatus(j, "pending")
	if !j.autoFinalize {
		m.emit("BLOCK_JOB_PENDING", member{"type", j.kind}, member{"id", j.id})
		return
	}
	m.finalize(j)
}

func (m *Machine) finalize(j *job) {
	pivot := j.pivot
	if j.cancelling {
		pivot = nil // a mirror that is cancelled when ready leaves a copy, and the disk where it was
	}
	m.conclude(j, "BLOCK_JOB_COMPLETED", pivot)
}

// stopJob ends a cancelled job. One that is ready, and not forced, counts as completed.
func (m *Machine) stopJob(j *job) {
	if j.ready() && !j.forced {
		m.settle(j)
		return
	}
	m.setStatus(j, "aborting")
	m.conclude(j, "BLOCK_JOB_CANCELLED", nil)
}

func (m *Machine) conclude(j *job, event string, pivot func()) {
	data := j.event()
	j.status = "concluded" // so that the graph below is free
	if pivot != nil {
		pivot()
	}
	m.emit(event, data...)
	m.setStatus(j, "concluded")
	m.release(j.target)
	m.release(j.node)
	if j.autoDismiss {
		m.dismiss(j)
	}
}

func (m *Machine) dismiss(j *job) {
	m.setStatus(j, "null")
	m.dropJob(j)
}

// dropJob forgets a job as if it had never been.
func (m *Machine) dropJob(j *job) {
	m.jobs = slices.DeleteFunc(m.jobs, func(other *job) bool { return other == j })
	m.release(j.target)
	m.release(j.node)
}

// event is the data that the BLOCK_JOB events share.
func (j *job) event() object {
	o := object{
		{"device", j.id}, {"len", int64(j.length)}, {"offset", int64(j.offset)}, {"speed", j.speed}, {"type", j.kind},
	}
	return o.and(j.err != "", "error", j.err)
}

// newMirror is the copy that is under way when the machine comes up; servers of 2012 could not mirror, so there it is
// a stream.
func (m *Machine) newMirror() {
	const begun = 540 << 20
	d := m.disk("drive0")
	j := &job{
		id: d.name, kind: "mirror", node: d.root, status: "running", speed: 40 << 20, offset: begun, ioStatus: "ok",
		length: float64(allocated(d.root, nil)), converges: true, autoFinalize: true, autoDismiss: true,
	}
	if m.old {
		j.kind, j.converges, j.length = "stream", false, float64(allocated(d.root.backing, nil))
		j.pivot = func() { d.root.flatten(nil) }
		m.jobs = append(m.jobs, j)
		return
	}
	m.files["/srv/backup/web01.qcow2"] = &file{format: "qcow2", size: d.root.size(), used: begun}
	j.target = m.mustOpen(image{filename: "/srv/backup/web01.qcow2", nodeName: "copy"}, "")
	j.pivot = m.switchTo(d, j.target)
	m.jobs = append(m.jobs, j)
}
