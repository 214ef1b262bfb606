package demo

func memoryCommands() map[string]handler {
	return map[string]handler{
		"query-balloon":             attempt((*Machine).queryBalloon),
		"balloon":                   command((*Machine).setBalloon),
		"query-memory-size-summary": query(func(*Machine) any { return object{{"base-memory", memorySize}, {"plugged-memory", 0}} }),
		"memsave":                   command((*Machine).memsave),
		"pmemsave":                  command((*Machine).pmemsave),
		"screendump":                command((*Machine).screendump),
	}
}

const (
	memorySize = 4 << 30
	// balloonPace is how much memory the guest gives up or takes back in a second.
	balloonPace = 384 << 20
	// leastMemory is what the guest never gives up.
	leastMemory = 256 << 20
)

// balloon is how much memory the guest has left to itself.
type balloon struct {
	actual, target int64
	told           int64 // tick of the last event
}

// balloonDevice refuses when there is no balloon, as after device_del balloon0.
func (m *Machine) balloonDevice() error {
	if m.deviceOf("virtio-balloon-pci") == nil {
		return errNotActive("balloon")
	}
	return nil
}

func (m *Machine) queryBalloon() (any, error) {
	if err := m.balloonDevice(); err != nil {
		return nil, err
	}
	return object{{"actual", m.balloon.actual}}, nil
}

// setBalloon asks the guest to come to a size; it takes its time.
func (m *Machine) setBalloon(a struct{ Value int64 }) (any, error) {
	if err := m.balloonDevice(); err != nil {
		return nil, err
	}
	if a.Value <= 0 {
		return nil, errValue("target", "a size")
	}
	m.balloon.target = max(leastMemory, min(memorySize, a.Value)) &^ 4095
	return nil, nil
}

// liveBalloon lets the guest follow the balloon's target. Events come once a second at most, as from QEMU, and at the
// end.
func (m *Machine) liveBalloon() {
	b := &m.balloon
	if b.actual == b.target || !m.running() || m.booting() {
		return
	}
	step := int64(balloonPace * tick.Seconds())
	b.actual = min(max(b.target, b.actual-step), b.actual+step)
	if b.actual == b.target || m.ticks-b.told >= 10 {
		b.told = m.ticks
		m.emit("BALLOON_CHANGE", member{"actual", b.actual})
	}
}

type memoryDump struct {
	Val, Size int64
	Filename  string
	CPUIndex  int64 `json:"cpu-index"`
}

func (m *Machine) memsave(a memoryDump) (any, error) {
	if a.CPUIndex < 0 || a.CPUIndex >= cpuCount {
		return nil, errValue("cpu-index", "a CPU number")
	}
	return m.pmemsave(a)
}

// pmemsave writes to the imaginary file system.
func (m *Machine) pmemsave(a memoryDump) (any, error) {
	if bad := m.files.create(a.Filename, file{format: "raw", size: max(0, a.Size), used: max(0, a.Size)}); bad != nil {
		return nil, errOpen(a.Filename, "No such file or directory")
	}
	if a.Val < 0 || a.Size < 0 || a.Val > memorySize-a.Size {
		return nil, refuse("Invalid addr 0x%016x/size %d specified", uint64(a.Val), a.Size).before("IOError").
			worded("An IO error has occurred")
	}
	return nil, nil
}

// screendump writes a picture of the size of the guest's screen.
func (m *Machine) screendump(a struct{ Filename string }) (any, error) {
	const picture = 1280*800*3 + 16
	if bad := m.files.create(a.Filename, file{format: "raw", size: picture, used: picture}); bad != nil {
		return nil, errOpen(a.Filename, "No such file or directory")
	}
	return nil, nil
}
