package demo

import (
	"path"
	"strings"
)

// A file is one in the machine's imaginary file system: an image, a dump, a log.
type file struct {
	format  string // of the image in it
	size    int64  // that the guest sees, in bytes
	used    int64  // allocated, in bytes
	backing string // name of the image it lies on, or ""
	key     string // the password of an encrypted image, or ""
	missing bool   // the guest has not been given the password
}

// files is the imaginary file system. Only what is made in the machine, or was there at its start, is in it.
type files map[string]*file

func newFiles() files {
	return files{
		"/srv/images/debian-12.qcow2":  {format: "qcow2", size: 20 << 30, used: 1843 << 20},
		"/srv/images/web01.qcow2":      {format: "qcow2", size: 20 << 30, used: 3321 << 20, backing: "/srv/images/debian-12.qcow2"},
		"/srv/images/data.qcow2":       {format: "qcow2", size: 64 << 30, used: 11 << 30},
		"/srv/images/data-today.qcow2": {format: "qcow2", size: 64 << 30, used: 1420 << 20, backing: "/srv/images/data.qcow2"},
		"/srv/images/vault.qcow2":      {format: "qcow2", size: 4 << 30, used: 512 << 20, key: "sesame"},
		"/srv/iso/debian-12.iso":       {format: "raw", size: 659554304, used: 659554304},
		"/srv/iso/rescue.iso":          {format: "raw", size: 838860800, used: 838860800},
	}
}

// isDirectory reports whether there is a directory of that name.
func isDirectory(name string) bool {
	switch name {
	case ".", "/", "/backup", "/dev", "/home", "/mnt", "/run", "/srv", "/srv/backup", "/srv/images", "/srv/iso", "/tmp",
		"/var/lib/libvirt/images", "/var/log", "/var/tmp", nearlyFull:
		return true
	}
	return false
}

// nearlyFull is a directory in which no file can take more than scarce bytes, so that there is something to run out of.
const (
	nearlyFull = "/mnt/full"
	scarce     = 64 << 20
)

// full reports whether a file in that place has taken all the space that there is.
func (f *file) full(name string) bool { return path.Dir(name) == nearlyFull && f.used >= scarce }

// open returns an existing file. Network exports are taken to be there.
func (fs files) open(name string) (*file, *refusal) {
	if f, ok := fs[name]; ok {
		return f, nil
	}
	if strings.HasPrefix(name, "nbd:") || strings.HasPrefix(name, "nbd+") {
		fs[name] = &file{format: "raw", size: 64 << 30, used: 0}
		return fs[name], nil
	}
	return nil, errOpen(name, "No such file or directory")
}

// create makes a file, or empties the one of that name.
func (fs files) create(name string, f file) *refusal {
	if name == "" || !isDirectory(path.Dir(name)) {
		r := errOpen(name, "No such file or directory")
		r.desc = "Could not create '" + name + "': No such file or directory"
		return r
	}
	fs[name] = &f
	return nil
}

// absolute says how a name is written when it is taken from the image that lies on it.
func absolute(name, beside string) string {
	if name == "" || path.IsAbs(name) || strings.Contains(name, ":") {
		return name
	}
	return path.Join(path.Dir(beside), name)
}
