package completion

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// The lines of the human monitor that are asked for: QMP itself has no list of its commands, nor of network
// backends, and does not say what a device type is.
const (
	askHelp    = `{"command-line":"help"}`
	askNetwork = `{"command-line":"info network"}`
	askDevices = `{"command-line":"info qdm"}`
)

// A fetcher asks the server for values.
type fetcher func(a *asker, scope string) ([]Value, error)

// A source is where the values of a kind come from.
type source struct {
	commands []string // one of which the server must have
	fetch    fetcher
	static   bool     // the values are fixed for the life of the server
	events   []string // how the names of the events begin that make the values stale
}

// changedBy reports whether an event makes the values stale.
func (s source) changedBy(event string) bool {
	for _, prefix := range s.events {
		if strings.HasPrefix(event, prefix) {
			return true
		}
	}
	return false
}

// sourceOf returns the source of a kind; one without fetch when the server knows no such values.
func sourceOf(kind Kind) source {
	blocks := []string{"BLOCK_JOB", "JOB_STATUS_CHANGE", "DEVICE_DELETED", "DEVICE_TRAY_MOVED"}
	devices := []string{"DEVICE_DELETED", "DEVICE_UNPLUG"}
	switch kind {
	case Node:
		return source{commands: []string{"query-named-block-nodes", "query-block"}, fetch: fetchNodes, events: blocks}
	case Block:
		return source{commands: []string{"query-block"}, fetch: fetchBlock, events: blocks}
	case BlockQdev:
		return source{commands: []string{"query-block"}, fetch: fetchBlockQdev, events: blocks}
	case Bitmap:
		return source{commands: []string{"query-block"}, fetch: fetchBitmaps, events: blocks}
	case Snapshot:
		return source{commands: []string{"query-named-block-nodes", "query-block"}, fetch: fetchSnapshots, events: blocks}
	case ThrottleGroup:
		return source{commands: []string{"query-block"}, fetch: fetchThrottleGroups}
	case Export:
		return source{commands: []string{"query-block-exports"}, fetch: fetchExports, events: []string{"BLOCK_EXPORT"}}
	case Job:
		return source{commands: []string{"query-jobs", "query-block-jobs"}, fetch: fetchJobs, events: blocks}
	case BlockJob:
		return source{commands: []string{"query-block-jobs"}, fetch: fetchBlockJobs, events: blocks}
	case Qdev:
		return source{commands: []string{"qom-list"}, fetch: childrenOf("/machine/peripheral"), events: devices}
	case Bus:
		return source{commands: []string{"qom-list"}, fetch: fetchBuses, events: devices}
	case Object:
		return source{commands: []string{"qom-list"}, fetch: childrenOf("/objects")}
	case QOM, Property:
		return source{commands: []string{"qom-list"}, fetch: qomFetch(kind), events: devices}
	case Netdev, NetClient, NetCard:
		return source{commands: []string{"human-monitor-command"}, fetch: netFetch(kind), events: devices}
	}
	return sourceOfTypes(kind)
}

// sourceOfTypes goes on with what belongs to the program rather than to its devices.
func sourceOfTypes(kind Kind) source {
	switch kind {
	case Chardev:
		return source{commands: []string{"query-chardev"}, fetch: fetchChardevs, events: []string{"VSERPORT_CHANGE"}}
	case DeviceType:
		return source{commands: []string{"qom-list-types"}, fetch: fetchDeviceTypes, static: true}
	case ObjectType, QOMType:
		return source{commands: []string{"qom-list-types"}, fetch: typesFetch(kind), static: true}
	case DeviceProperty:
		return source{commands: []string{"device-list-properties"}, fetch: fetchDeviceProperties, static: true}
	case ObjectProperty:
		return source{commands: []string{"qom-list-properties"}, fetch: fetchObjectProperties, static: true}
	case MachineType:
		return source{commands: []string{"query-machines"}, fetch: fetchMachines, static: true}
	case CPUModel:
		return source{commands: []string{"query-cpu-definitions"}, fetch: fetchCPUModels, static: true}
	case VCPU:
		return source{commands: []string{"query-cpus-fast"}, fetch: fetchVCPUs}
	case Display:
		return source{commands: []string{"query-vnc-servers"}, fetch: fetchDisplays}
	case ClientProtocol:
		return source{commands: []string{"query-chardev"}, fetch: fetchClientProtocols}
	case Capability:
		return source{commands: []string{"query-migrate-capabilities"}, fetch: fetchCapabilities}
	case Parameter:
		return source{commands: []string{"query-migrate-parameters"}, fetch: fetchParameter}
	case FDSet:
		return source{commands: []string{"query-fdsets"}, fetch: fetchFDSets}
	case Yank:
		return source{commands: []string{"query-yank"}, fetch: fetchYank}
	case TraceEvent:
		return source{commands: []string{"trace-event-get-state"}, fetch: fetchTraceEvents}
	case Stats:
		return source{commands: []string{"query-stats-schemas"}, fetch: fetchStats, static: true}
	case CommandOption:
		return source{commands: []string{"query-command-line-options"}, fetch: fetchCommandOptions, static: true}
	case Virtio:
		return source{commands: []string{"x-query-virtio"}, fetch: fetchVirtio}
	case HMP:
		return source{commands: []string{"human-monitor-command"}, fetch: fetchHMP, static: true}
	}
	return source{}
}

// listed makes a value of each element of the list that a command returns; elements that make no text are left out.
func listed[T any](a *asker, command, arguments string, value func(element T) Value) ([]Value, error) {
	var list []T
	err := a.ask(command, arguments, &list)
	values := make([]Value, 0, len(list))
	for _, element := range list {
		if v := value(element); v.Text != "" {
			values = append(values, v)
		}
	}
	return values, err
}

// distinct keeps the first value of each text.
func distinct(values []Value, err error) ([]Value, error) {
	seen := make(map[string]bool, len(values))
	return slices.DeleteFunc(values, func(v Value) bool {
		twice := seen[v.Text]
		seen[v.Text] = true
		return twice
	}), err
}

// sorted puts values in the order of their texts, where the server's own order says nothing.
func sorted(values []Value, err error) ([]Value, error) {
	slices.SortFunc(values, func(a, b Value) int { return qapi.CompareNames(a.Text, b.Text) })
	return values, err
}
