// Package machine says what one QEMU is doing: a [Snapshot] of its run state, jobs, block devices, migration and
// character devices, kept fresh by events and polite polling. Rates, times left and the verdict on a migration are
// computed here, once, for every front end.
//
// [Absorb] folds the reply to one query into a snapshot, [Reduce] folds an event; both are pure. A [Watcher] decides
// what to ask and when, and hands out the latest snapshot.
//
// The package refuses to know how a machine is reached (it asks through a [Caller]), how anything looks, and to change
// the machine: the one setting it may touch is the migration capability "events", and only where the user allows it.
//
// Every string in a snapshot that came from the server or its guest is the sender's own, byte for byte: it has to be
// cleaned before a terminal sees it.
package machine
