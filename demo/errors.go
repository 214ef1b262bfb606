package demo

import "fmt"

// A refusal is how a command fails: as a server of today words it, and as one of 2012 did.
type refusal struct {
	class, desc string
	past        past
}

// A past is a refusal's form before QEMU 1.2: a class of its own, and the data from which the text was made.
type past struct {
	class, desc string
	data        object
}

// The classes that are left today beside GenericError.
const (
	generic         = "GenericError"
	commandNotFound = "CommandNotFound"
	deviceNotFound  = "DeviceNotFound"
	deviceNotActive = "DeviceNotActive"
)

func (r *refusal) Error() string { return r.class + ": " + r.desc }

// wire is the value of "error".
func (r *refusal) wire(old bool) object {
	if !old {
		return object{{"class", r.class}, {"desc", r.desc}}
	}
	p := r.past
	if p.class == "" {
		p = past{"UndefinedError", "An undefined error has occurred", nil}
	}
	if p.desc == "" {
		p.desc = r.desc
	}
	if p.data == nil {
		p.data = object{}
	}
	return object{{"class", p.class}, {"desc", p.desc}, {"data", p.data}}
}

// refuse is a GenericError that servers of 2012 had no words for.
func refuse(format string, args ...any) *refusal {
	return &refusal{class: generic, desc: fmt.Sprintf(format, args...)}
}

// before gives the refusal its class and data of 2012, when the text was the same.
func (r *refusal) before(class string, data ...member) *refusal {
	r.past = past{class: class, data: object(data)}
	return r
}

// worded gives the 2012 form another text.
func (r *refusal) worded(desc string) *refusal {
	r.past.desc = desc
	return r
}

func errNoDevice(name string) *refusal {
	r := refuse("Device '%s' not found", name).before("DeviceNotFound", member{"device", name})
	r.class = deviceNotFound
	return r
}

func errNotActive(device string) *refusal {
	r := refuse("No %s device has been activated", device).before("DeviceNotActive", member{"device", device}).
		worded(fmt.Sprintf("Device '%s' has not been activated", device))
	r.class = deviceNotActive
	return r
}

func errCommandNotFound(name, desc string) *refusal {
	r := refuse("%s", desc).before("CommandNotFound", member{"name", name}).
		worded(fmt.Sprintf("The command %s has not been found", name))
	r.class = commandNotFound
	return r
}

func errMissing(name string) *refusal {
	return refuse("Parameter '%s' is missing", name).before("MissingParameter", member{"name", name})
}

func errUnexpected(name string) *refusal {
	return refuse("Parameter '%s' is unexpected", name).before("InvalidParameter", member{"name", name}).
		worded(fmt.Sprintf("Invalid parameter '%s'", name))
}

func errInvalid(name string) *refusal {
	return refuse("Invalid parameter '%s'", name).before("InvalidParameter", member{"name", name})
}

func errType(name, expected string) *refusal {
	then := expected
	switch expected {
	case "integer":
		then = "int"
	case "boolean":
		then = "bool"
	}
	return refuse("Invalid parameter type for '%s', expected: %s", name, expected).
		before("InvalidParameterType", member{"name", name}, member{"expected", then}).
		worded("Invalid parameter type, expected: " + then)
}

// errValue says that a value is out of range: expected completes "expects …".
func errValue(name, expected string) *refusal {
	return refuse("Parameter '%s' expects %s", name, expected).
		before("InvalidParameterValue", member{"name", name}, member{"expected", expected})
}

func errInUse(device, reason string) *refusal {
	return refuse("%s", reason).before("DeviceInUse", member{"device", device}).
		worded(fmt.Sprintf("Device '%s' is in use", device))
}

func errOpen(file, reason string) *refusal {
	return refuse("Could not open '%s': %s", file, reason).before("OpenFileFailed", member{"filename", file}).
		worded(fmt.Sprintf("Could not open '%s'", file))
}
