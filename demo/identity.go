package demo

import "fmt"

func identityCommands() map[string]handler {
	return map[string]handler{
		"query-name":              query(func(*Machine) any { return object{{"name", machineName}} }),
		"query-uuid":              query(func(m *Machine) any { return object{{"UUID", m.uuid}} }),
		"query-kvm":               query(func(*Machine) any { return object{{"enabled", true}, {"present", true}} }),
		"query-target":            query(func(*Machine) any { return object{{"arch", "x86_64"}} }),
		"query-machines":          query(queryMachines),
		"query-current-machine":   query(func(*Machine) any { return object{{"wakeup-suspend-support", true}} }),
		"query-cpus":              query((*Machine).queryCPUs),
		"query-cpus-fast":         query(queryCPUsFast),
		"query-hotpluggable-cpus": query(queryHotpluggableCPUs),
		"query-cpu-definitions":   query(queryCPUDefinitions),
		"cpu":                     command(func(*Machine, struct{ Index int64 }) (any, error) { return nil, nil }),
		"query-iothreads":         query((*Machine).queryIOThreads),
		"query-mice":              query((*Machine).queryMice),
	}
}

const (
	machineName = "web01"
	machineType = "pc-q35-8.2"
	cpuCount    = 4
	cpuType     = "Haswell-v4-x86_64-cpu"
	firstThread = 21480 // of the host's, for the vCPUs
)

// newUUID draws a random UUID (version 4).
func (m *Machine) newUUID() string {
	hi, lo := m.rng.Uint64(), m.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		uint32(hi>>32), uint16(hi>>16), hi&0xfff, 0x8000|lo>>48&0x3fff, lo&0xffffffffffff)
}

func queryMachines(*Machine) any {
	list := []object{}
	for _, t := range []struct {
		name, alias string
		cpus        int
	}{{machineType, "q35", 288}, {"pc-q35-8.1", "", 288}, {"pc-i440fx-8.2", "pc", 255}, {"microvm", "", 288}, {"none", "", 1}} {
		o := object{{"hotpluggable-cpus", t.cpus > 1}, {"name", t.name}, {"numa-mem-supported", t.cpus > 1}}
		if t.alias != "" {
			o = append(o, member{"alias", t.alias})
		}
		o = append(o, object{{"cpu-max", t.cpus}, {"deprecated", false}}...)
		if t.name == machineType {
			o = append(o, object{{"is-default", true}, {"default-cpu-type", "qemu64-x86_64-cpu"}}...)
		}
		list = append(list, o)
	}
	return list
}

// queryCPUs is the query that interrupts every vCPU, which is why it went away. Where the guest is depends on the
// moment alone, so that asking changes nothing.
func (m *Machine) queryCPUs() any {
	list := []object{}
	for i := range cpuCount {
		moment := int(m.ticks)*7919 + i*104729
		list = append(list, object{
			{"current", i == 0}, {"CPU", i}, {"halted", moment%3 > 0 || !m.running()},
			{"qom_path", cpuPath(i)}, {"pc", 0x7f3a51000000 + moment%(1<<22)}, {"thread_id", firstThread + i},
		})
	}
	return list
}

func cpuPath(i int) string { return fmt.Sprintf("/machine/unattached/device[%d]", i) }

func cpuProps(i int) object {
	return object{{"core-id", i}, {"thread-id", 0}, {"socket-id", 0}}
}

func queryCPUsFast(*Machine) any {
	list := []object{}
	for i := range cpuCount {
		list = append(list, object{
			{"thread-id", firstThread + i}, {"props", cpuProps(i)}, {"qom-path", cpuPath(i)}, {"cpu-index", i},
			{"target", "x86_64"},
		})
	}
	return list
}

func queryHotpluggableCPUs(*Machine) any {
	list := []object{}
	for i := cpuCount - 1; i >= 0; i-- {
		list = append(list, object{
			{"props", cpuProps(i)}, {"vcpus-count", 1}, {"qom-path", cpuPath(i)}, {"type", cpuType},
		})
	}
	return list
}

func queryCPUDefinitions(*Machine) any {
	list := []object{}
	for _, name := range []string{
		"max", "host", "base", "EPYC", "EPYC-Milan", "Haswell", "Cascadelake-Server", "Skylake-Server", "qemu64", "kvm64",
	} {
		list = append(list, object{
			{"name", name}, {"typename", name + "-x86_64-cpu"}, {"unavailable-features", []string{}},
			{"static", name == "base"}, {"migration-safe", name != "max" && name != "host"}, {"deprecated", false},
		})
	}
	return list
}

func (m *Machine) queryMice() any {
	list := []object{{{"index", 3}, {"name", "QEMU HID Tablet"}, {"current", true}, {"absolute", true}}}
	return append(list, object{{"index", 2}, {"name", "QEMU PS/2 Mouse"}, {"current", false}, {"absolute", false}})
}
