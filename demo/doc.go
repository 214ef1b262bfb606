// Package demo is a simulated machine that speaks QMP: a server on the wire, so that any client can be tried where
// there is no QEMU, and tests can have a machine do a thing on demand.
//
// The machine is called web01: a q35 with four vCPUs, 4 GiB of memory, two disks on qcow2 chains, a CD drive, two
// network cards, a VNC display and several character devices. Its guest reads, writes and dirties memory; block jobs
// advance and end; a migration converges or stalls by the guest's dirty rate; events are emitted where QEMU emits them.
// Everything that happens follows from the seed, the clock and the commands, to the byte.
//
// Several clients may be connected at once. Each is a monitor of its own, as if QEMU had been started with that many
// -qmp options: it negotiates for itself, and all see the one machine.
//
// Things go wrong where they are meant to: files named in directories that are not there cannot be opened, those in
// /mnt/full run out of space, the image /srv/images/vault.qcow2 wants a password, migrating to tcp:unreachable:4444
// fails, and one with little bandwidth never ends.
//
// The package touches nothing of the host: files named in commands live in an imaginary file system, migration
// destinations are imaginary hosts. It refuses to be a QEMU: where the real one has a thousand device types, it has
// some, and its schema says exactly what is served.
package demo
